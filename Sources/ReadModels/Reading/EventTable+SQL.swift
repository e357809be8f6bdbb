/// The tables and views of an event type.
extension EventTable {
    /// Statements that create the tables.
    var creation: String {
        let data = columns.map { ", \($0.name) \($0.kind.sqlType)" }.joined()
        var sql = """
            CREATE TABLE \(table) (
                ev INTEGER PRIMARY KEY, log_id INTEGER NOT NULL, seq INTEGER NOT NULL, known_from INTEGER NOT NULL,
                known_to INTEGER, place_id INTEGER NOT NULL, actor_id INTEGER NOT NULL, role_id INTEGER NOT NULL,
                schema_version INTEGER NOT NULL, at_order INTEGER NOT NULL, hlc INTEGER NOT NULL,
                recorded INTEGER NOT NULL, subject TEXT NOT NULL, occurred_at TEXT NOT NULL\(data)
            ) STRICT;

            """
        for list in lists {
            let data = list.columns.map { ", \($0.name) \($0.kind.sqlType)" }.joined()
            sql += """
                CREATE TABLE \(listTable(list)) (ev INTEGER NOT NULL, idx INTEGER NOT NULL\(data), PRIMARY KEY (ev, idx)) \
                STRICT, WITHOUT ROWID;

                """
        }
        return sql
    }

    /// What the tables look like; another text means that everything must be read again.
    var layout: String { creation + (person ?? "") + (personList ?? "") }

    var insertion: String {
        let names = EnvelopeColumns.stored + columns.map(\.name)
        return "INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(marks(names.count)))"
    }

    func insertion(_ list: List) -> String {
        let names = ["ev", "idx"] + list.columns.map(\.name)
        return "INSERT INTO \(listTable(list)) (\(names.joined(separator: ", "))) VALUES (\(marks(names.count)))"
    }

    private func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

    /// The columns of the type's relation.
    var relationColumns: [String] { EnvelopeColumns.visible.map(\.name) + columns.map(\.name) }

    /// The columns of a list's relation.
    func relationColumns(_ list: List) -> [String] { ["ev", "idx"] + list.columns.map(\.name) }

    /// The SELECT behind the type's relation.
    /// - Parameter condition: which versions of which events, over `e`.
    func selection(where condition: String) -> String {
        let envelope = EnvelopeColumns.visible.map { "\($0.expression) AS \($0.name)" }
        let data = columns.map { "e.\($0.name) AS \($0.name)" }
        return "SELECT \((envelope + data).joined(separator: ", ")) FROM \(table) e WHERE \(condition)"
    }

    /// The SELECT behind a list's relation. No join, so that SQLite can merge it into the query around it.
    func selection(_ list: List, where condition: String) -> String {
        let data = relationColumns(list).map { "c.\($0) AS \($0)" }.joined(separator: ", ")
        return """
            SELECT \(data) FROM \(listTable(list)) c \
            WHERE EXISTS (SELECT 1 FROM \(table) e WHERE e.ev = c.ev AND \(condition))
            """
    }

    /// The arms of the relation of all events: one row for each person concerned, or one where there is none.
    func everyEventArms(where condition: String) -> [String] {
        func arm(_ person: String, _ from: String, _ more: String) -> String {
            let envelope = EveryEvent.columns.map { name in
                switch name {
                case "type": "'\(type)' AS type"
                case "person": "\(person) AS person"
                default: "\(EnvelopeColumns.visible.first { $0.name == name }?.expression ?? "NULL") AS \(name)"
                }
            }
            return "SELECT \(envelope.joined(separator: ", ")) FROM \(from) WHERE \(more)\(condition)"
        }
        var arms = [arm(person.map { "e.\($0)" } ?? "NULL", "\(table) e", "")]
        if let personList, let list = lists.first(where: { $0.name == personList }) {
            arms.append(arm("c.value", "\(listTable(list)) c JOIN \(table) e ON e.ev = c.ev", ""))
        }
        return arms
    }
}

/// The relation of all events, without their payload.
enum EveryEvent {
    static let columns = [
        "ev", "type", "person", "log", "seq", "node", "audience", "region", "village", "regency", "actor", "role",
        "at_order", "hlc", "recorded", "clock_suspect", "subject", "occurred_at", "occurred_on", "month", "known_from",
    ]

    static func selection(_ tables: [EventTable], where condition: String) -> String {
        let arms = tables.flatMap { $0.everyEventArms(where: condition) }
        guard arms.isEmpty else { return arms.joined(separator: " UNION ALL ") }
        let nothing = columns.map { "NULL AS \($0)" }.joined(separator: ", ")
        return "SELECT \(nothing) WHERE 1 = 0"
    }
}

/// Which versions of events a relation shows.
enum Knowledge {
    /// What is known now.
    static let now = "e.known_to IS NULL"

    static func condition(_ asOf: AsOf) -> String {
        var parts: [String] = []
        if let cut = asOf.cut {
            parts.append("e.known_from <= \(cut) AND (e.known_to IS NULL OR e.known_to > \(cut))")
        } else {
            parts.append(now)
        }
        if let day = asOf.trueAt {
            parts.append("\(EnvelopeColumns.occurredOn) <= '\(day)'")
        }
        return parts.joined(separator: " AND ")
    }
}
