import Event
import Store

/// Finds what persons have allowed, from the lines held here: a consent that arrives late counts from then on, one that
/// was taken back by a retraction does not.
public struct ConsentRegister: Sendable {
    let store: LogStore

    public init(store: LogStore) { self.store = store }

    public func state(of person: String) throws -> ConsentState {
        var lines: [(reference: String, line: EventLine)] = []
        for held in try store.privacyLines(about: person) {
            guard let line = try? EventLine(parsing: held.bytes) else { continue }
            lines.append(
                (
                    try LineReference(
                        log: held.log, sequence: held.sequence, leafHash: LogStore.leafHash(of: held.bytes)
                    ).description, line
                ))
        }
        lines.sort { ($0.line.hybridTime, $0.reference) < ($1.line.hybridTime, $1.reference) }
        let changes = lines.filter { $0.line.type.hasPrefix("record.") }
        var state = ConsentState()
        for (reference, line) in lines where !line.type.hasPrefix("record.") {
            guard !Self.isRetracted(reference, by: changes) else { continue }
            state.take(line.type, Self.corrected(line.data, reference, by: changes))
        }
        return state
    }

    private typealias Changes = [(reference: String, line: EventLine)]

    private static func isRetracted(_ reference: String, by changes: Changes, depth: Int = 0) -> Bool {
        guard depth < 8 else { return false }
        return changes.contains {
            $0.line.type == "record.retracted" && $0.line.data["target"]?.stringValue == reference
                && !isRetracted($0.reference, by: changes, depth: depth + 1)
        }
    }

    private static func corrected(_ data: JSON, _ reference: String, by changes: Changes) -> JSON {
        changes.reduce(data) { data, change in
            guard change.line.type == "record.corrected", change.line.data["target"]?.stringValue == reference,
                let patch = change.line.data["patch"], !isRetracted(change.reference, by: changes)
            else { return data }
            return data.merging(patch: patch)
        }
    }
}
