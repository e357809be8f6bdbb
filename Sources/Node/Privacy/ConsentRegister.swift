import Event
import ReadModels
import Store

/// Finds what persons have allowed, from the lines held here: a consent that arrives late counts from then on, one that
/// was taken back by a retraction does not.
public struct ConsentRegister: Sendable {
    let store: LogStore

    public init(store: LogStore) { self.store = store }

    public func state(of person: String) throws -> ConsentState {
        var lines: Changes = []
        for held in try store.privacyLines(about: person) {
            guard let line = try? EventLine(parsing: held.bytes) else { continue }
            lines.append(
                (
                    try LineReference(
                        log: held.log, sequence: held.sequence, leafHash: LogStore.leafHash(of: held.bytes)
                    ).description, held.log, line
                ))
        }
        lines.sort { ($0.line.hybridTime, $0.reference) < ($1.line.hybridTime, $1.reference) }
        let changes = lines.filter { $0.line.type.hasPrefix("record.") }
        var state = ConsentState()
        for said in lines where !said.line.type.hasPrefix("record.") {
            guard !Self.isRetracted(said, by: changes) else { continue }
            state.take(said.line.type, Self.corrected(said, by: changes))
        }
        return state
    }

    private typealias Said = (reference: String, log: LogName, line: EventLine)
    private typealias Changes = [Said]

    private static func amends(_ change: Said, _ type: String, _ target: Said) -> Bool {
        change.line.type == type && change.line.data["target"]?.stringValue == target.reference
            && AmendmentRule.mayAmend(change.log, target.log)
    }

    private static func isRetracted(_ target: Said, by changes: Changes, depth: Int = 0) -> Bool {
        guard depth < 8 else { return false }
        return changes.contains {
            amends($0, "record.retracted", target) && !isRetracted($0, by: changes, depth: depth + 1)
        }
    }

    private static func corrected(_ target: Said, by changes: Changes) -> JSON {
        changes.reduce(target.line.data) { data, change in
            guard amends(change, "record.corrected", target), let patch = change.line.data["patch"],
                !isRetracted(change, by: changes)
            else { return data }
            return data.merging(patch: patch)
        }
    }
}
