import Catalogue
import Event
import Foundation

/// What people at a node work with: persons, records, cases, the day's board. Independent of how it is shown.
///
/// Calls block on the disk; all are safe from any thread.
public final class Desk: Sendable {
    public let node: Node
    public let index: RecordIndex
    public let reader: RecordReader
    public let people: PersonBook
    public let cases: CaseCabinet
    public let corrections: Corrections
    public let licences: LicenceRegister

    public init(node: Node) {
        self.node = node
        index = RecordIndex(store: node.store, catalogue: node.catalogue)
        reader = RecordReader(
            store: node.store, index: index, catalogue: node.catalogue, keyring: node.keyring,
            consent: ConsentRegister(store: node.store), today: { node.localDay(node.now()) })
        people = PersonBook(index: index, reader: reader)
        cases = CaseCabinet(index: index, reader: reader)
        corrections = Corrections()
        licences = LicenceRegister(index: index, reader: reader)
    }

    /// Takes up what was stored since the last call. Every page calls it first.
    public func refresh() throws {
        try index.refresh()
        try people.refresh()
        try licences.refresh()
    }

    /// The household a person lives in: as registered, else of the newest record about both; nil when none is known.
    public func household(of person: String) throws -> String? {
        if let household = people.card(person)?.household { return household }
        let types = node.catalogue.types
        return index.about(person).last { types[$0.type]?.subject.kind == "household" }?.subject
    }

    public func syncState() throws -> SyncState { try SyncState(node: node) }

    /// The local calendar day, `2026-08-14`.
    public var today: String { node.localDay(node.now()) }

    /// This moment at this place.
    public var moment: DateTime {
        let now = node.now()
        return DateTime(
            milliseconds: Int64(now.timeIntervalSince1970 * 1_000),
            offsetMinutes: node.timeZone.secondsFromGMT(for: now) / 60)
    }
}
