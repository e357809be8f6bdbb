import Event
import Foundation
import Store
import Synchronization

/// Writes readings of personal data into a log of this node before anything is shown.
///
/// The lane `audit` takes no corrections and no retractions, its lines are signed under the node's tree like all
/// others, and hub and centre hold them too: a reader can neither change nor take out what they read.
final class AuditTrail: Sendable {
    private struct State {
        /// When somebody last read of a subject at a resource.
        var seen: [String: Date] = [:]
        /// By reader and day: whom they took as files.
        var exported: [String: Set<String>] = [:]
    }

    /// Seeing the same again within this time, in seconds, is the same reading: a board that is looked at all morning
    /// is not written down a hundred times.
    private static let same: TimeInterval = 900
    /// Subjects of one line, well below its size.
    private static let subjectsOfLine = 200
    /// Before old entries are dropped.
    private static let mostRemembered = 50_000

    private let recorder: Recorder
    private let own: Enrolment
    private let now: @Sendable () -> Date
    private let state = Mutex(State())
    private let turn = Mutex(())

    init(recorder: Recorder, own: Enrolment, now: @escaping @Sendable () -> Date) {
        self.recorder = recorder
        self.own = own
        self.now = now
    }

    /// Durable when this returns.
    func note(_ reading: Reading, day: String) throws {
        let moment = now()
        let fresh = state.withLock { state in
            Self.unique(reading.subjects).filter { subject in
                guard !reading.isExport, let last = state.seen[Self.key(reading, subject)] else { return true }
                return moment.timeIntervalSince(last) >= Self.same || last > moment
            }
        }
        guard !fresh.isEmpty else { return }
        try recorder.record(drafts(reading, fresh))
        state.withLock { state in
            if state.seen.count > Self.mostRemembered {
                state.seen = state.seen.filter { moment.timeIntervalSince($0.value) < Self.same }
            }
            for subject in fresh { state.seen[Self.key(reading, subject)] = moment }
            if reading.isExport {
                state.exported["\(reading.actor) \(day)", default: []].formUnion(fresh.map(\.id))
            }
        }
    }

    /// Runs a body while no other one runs.
    func inTurn<Value: Sendable>(_ body: () throws -> Value) rethrows -> Value { try turn.withLock { _ in try body() } }

    /// How many different subjects a reader would have taken on a day, with these.
    ///
    /// - Parameter earlier: asked once for a reader and day: whom they took before this program started.
    func exportCount(_ reading: Reading, day: String, earlier: () throws -> Set<String>) throws -> Int {
        let key = "\(reading.actor) \(day)"
        let known = state.withLock { $0.exported[key] }
        let before = try known ?? earlier()
        if known == nil { state.withLock { $0.exported[key] = before.union($0.exported[key] ?? []) } }
        return before.union(reading.subjects.map(\.id)).count
    }

    private func drafts(_ reading: Reading, _ subjects: [Reading.Subject]) -> [Draft] {
        let byPlace = Dictionary(grouping: subjects) { subject in
            subject.region.isAtOrBelow(own.region) ? subject.region : own.region
        }
        return byPlace.sorted { $0.key < $1.key }.flatMap { place, subjects in
            stride(from: 0, to: subjects.count, by: Self.subjectsOfLine).map { start in
                let end = min(start + Self.subjectsOfLine, subjects.count)
                return draft(reading, Array(subjects[start..<end]), for: place)
            }
        }
    }

    private func draft(_ reading: Reading, _ subjects: [Reading.Subject], for place: RegionCode) -> Draft {
        let about = subjects.map { subject in
            JSON.object([JSONMember("kind", .string(subject.kind)), JSONMember("whom", .string(subject.id))])
        }
        let data = JSON.object([
            JSONMember("purpose", .string(reading.purpose)), JSONMember("resource", .string(reading.resource)),
            JSONMember("exported", .bool(reading.isExport)), JSONMember("count", .int(Int64(subjects.count))),
            JSONMember("about", .array(about)),
        ])
        return Draft(type: "personal.read", data: data, actor: reading.actor, role: reading.role, audience: place)
    }

    /// Each once, in an order that does not depend on how they were collected.
    private static func unique(_ subjects: [Reading.Subject]) -> [Reading.Subject] {
        var seen: Set<String> = []
        return subjects.sorted { ($0.kind, $0.id) < ($1.kind, $1.id) }.filter { seen.insert($0.id).inserted }
    }

    private static func key(_ reading: Reading, _ subject: Reading.Subject) -> String {
        "\(reading.actor) \(reading.resource) \(subject.id)"
    }
}
