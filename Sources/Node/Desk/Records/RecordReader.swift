import Catalogue
import Event
import Store
import TransparencyLog

/// Opens records: reads the line, applies corrections and retractions, decrypts.
///
/// The read models do the same for counting; here it is done for one record, for people's eyes.
public struct RecordReader: Sendable {
    static let corrected = "record.corrected"
    static let retracted = "record.retracted"

    let store: LogStore
    let index: RecordIndex
    let catalogue: Catalogue
    let keyring: PersonKeyring
    let consent: ConsentRegister
    /// The local day, `2026-08-14`.
    let today: @Sendable () -> String

    /// Nil when there is no such line here, or it cannot be understood.
    public func record(_ key: RecordKey) throws -> Record? {
        guard let bytes = try bytes(key), let line = try? EventLine(parsing: bytes) else {
            return nil
        }
        let type = catalogue.versions[line.type]?[line.version] ?? catalogue.types[line.type]
        let first = try open(line.data, of: line, type)
        var (encrypted, occurred, changes) = (line.data, line.occurredAt, [Record.Change]())
        for entry in index.referring(to: key) where [Self.corrected, Self.retracted].contains(entry.type) {
            guard let change = try self.line(entry.key) else { continue }
            let isUndone = try isRetracted(entry.key)
            let isRetraction = entry.type == Self.retracted
            if !isUndone, !isRetraction, let patch = change.data["patch"] {
                occurred = patch["occurredat"]?.stringValue.flatMap(OccurredAt.init) ?? occurred
                encrypted = encrypted.merging(patch: patch.setting("occurredat", to: nil))
            }
            changes.append(
                Record.Change(
                    key: entry.key, isRetraction: isRetraction, line: change, isUndone: isUndone,
                    data: try open(encrypted, of: line, type).data))
        }
        let last = try open(encrypted, of: line, type)
        if last.personal == .opened { note(line, type) }
        return Record(
            key: key,
            reference: try LineReference(log: key.log, sequence: key.sequence, leafHash: Hash.leaf(bytes).bytes),
            line: line, type: type, original: first.data, data: last.data, occurredAt: occurred,
            personal: last.personal, changes: changes)
    }

    /// Whoever asks for a record may be about to show it.
    private func note(_ line: EventLine, _ type: EventType?) {
        let holder = type?.keyHolder(in: line.data, subject: line.subject) ?? line.subject
        let kind = holder == line.subject ? type?.subject.kind ?? "" : "person"
        Readings.note(.init(kind: kind, id: holder, region: line.region))
    }

    public func records(_ entries: [IndexEntry]) throws -> [Record] { try entries.compactMap { try record($0.key) } }

    private func line(_ key: RecordKey) throws -> EventLine? {
        try bytes(key).flatMap { try? EventLine(parsing: $0) }
    }

    private func bytes(_ key: RecordKey) throws -> [UInt8]? {
        try store.lines(key.log, branch: key.branch, from: key.sequence, through: key.sequence).first
    }

    /// Whether a record that itself stands takes `key` back.
    private func isRetracted(_ key: RecordKey, depth: Int = 0) throws -> Bool {
        // A chain of retractions of retractions is a game, not a record; the end of it counts.
        guard depth < 8 else { return false }
        return try index.referring(to: key).contains {
            try $0.type == Self.retracted && !isRetracted($0.key, depth: depth + 1)
        }
    }

    private func open(_ data: JSON, of line: EventLine, _ type: EventType?) throws -> (
        data: JSON, personal: Record.Personal
    ) {
        guard let box = data["personal"] else { return (data, .none) }
        let opened: JSON
        switch try PersonalBox.read(box, type: line.type, subject: line.subject, keyring: keyring) {
        case .unreadable(let reason): return (data.setting("personal", to: nil), .unreadable(reason))
        case .opened(let members): opened = members
        }
        let use = try allowed(line, type)
        guard use.identity else { return (data.setting("personal", to: nil), .unreadable(.withheld)) }
        var joined = type?.join(data, personal: opened) ?? data.setting("personal", to: nil).merging(patch: opened)
        if !use.contact {
            for field in type?.fields ?? [] where field.check == .phone { joined = joined.setting(field.name, to: nil) }
        }
        return (joined, .opened)
    }

    /// What of a record's identity may be shown: withdrawal stops use at once. Nearly nobody has withdrawn anything, which
    /// the index knows without reading.
    private func allowed(_ line: EventLine, _ type: EventType?) throws -> (identity: Bool, contact: Bool) {
        guard let type else { return (true, true) }
        if let vital = type.consent.vitalWhen, vital.holds(in: line.data) { return (true, true) }
        let states = try type.persons(in: line.data, subject: line.subject).filter(index.isRestricted)
            .map(consent.state)
        let day = today()
        let purpose = type.consent.purpose ?? ConsentState.protection
        return (
            !states.contains { $0.forbids(purpose, on: day) },
            !states.contains { $0.forbids(ConsentState.contact, on: day) }
        )
    }
}
