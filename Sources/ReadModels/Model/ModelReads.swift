/// One thing that a model reads, and by which of its columns.
public struct ModelReads: Hashable, Sendable {
    public enum Source: Hashable, Sendable {
        /// The effective events of a type; with `list`, the elements of one of its lists.
        case event(type: String, list: String?)
        case model(String)
        /// All events, without their payload.
        case everyEvent
        /// The logs, with what was read of each.
        case logs
    }

    public var source: Source
    /// The columns of the source that hold the model's key, in the key's order. None for a list that is read
    /// through its event.
    public var by: [String]
    /// Counted from 1, in the file.
    public var line: Int

    /// The name under which SQL reads it: `ev_visit_recorded`, `ev_visit_recorded__topics`, `case_board`.
    public var relation: String {
        switch source {
        case .event(let type, let list): EventNaming.relation(type, list: list)
        case .model(let name): name
        case .everyEvent: "ev_all"
        case .logs: "logs"
        }
    }

    /// The name under which a roll-up reads what changed of it.
    public var delta: String {
        switch source {
        case .event(let type, let list): "delta_" + EventNaming.table(type, list: list)
        case .model(let name): "delta_" + name
        case .everyEvent: "delta_all"
        case .logs: "delta_logs"
        }
    }
}

/// Names of tables and views made from names of event types.
enum EventNaming {
    static func table(_ type: String, list: String? = nil) -> String {
        let base = type.map { $0 == "." ? "_" : String($0) }.joined()
        return list.map { "\(base)__\($0)" } ?? base
    }

    static func relation(_ type: String, list: String? = nil) -> String { "ev_" + table(type, list: list) }
}
