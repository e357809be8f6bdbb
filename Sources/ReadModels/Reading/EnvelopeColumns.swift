/// The columns that every event has, whatever its type.
enum EnvelopeColumns {
    /// Columns of the tables, before those of the data.
    static let stored = [
        "ev", "log_id", "seq", "known_from", "known_to", "place_id", "actor_id", "role_id", "schema_version",
        "at_order", "hlc", "recorded", "subject", "occurred_at",
    ]

    /// What `SELECT` takes them from, by the names under which models see them. `e` is the event's table.
    static let visible: [(name: String, expression: String)] = [
        ("ev", "e.ev"),
        ("log", "(SELECT name FROM log WHERE id = e.log_id)"),
        ("seq", "e.seq"),
        ("node", "(SELECT node FROM log WHERE id = e.log_id)"),
        ("audience", "(SELECT audience FROM log WHERE id = e.log_id)"),
        ("lane", "(SELECT lane FROM log WHERE id = e.log_id)"),
        ("region", "(SELECT code FROM place WHERE id = e.place_id)"),
        ("village", "(SELECT village FROM place WHERE id = e.place_id)"),
        ("district", "(SELECT district FROM place WHERE id = e.place_id)"),
        ("regency", "(SELECT regency FROM place WHERE id = e.place_id)"),
        ("province", "(SELECT province FROM place WHERE id = e.place_id)"),
        ("actor", "(SELECT text FROM term WHERE id = e.actor_id)"),
        ("role", "(SELECT text FROM term WHERE id = e.role_id)"),
        ("schema_version", "e.schema_version"),
        ("at_order", "e.at_order"),
        ("hlc", "e.hlc"),
        ("recorded", "e.recorded"),
        ("clock_suspect", "CASE WHEN e.at_order < \(Moments.suspectBelow) THEN 1 ELSE 0 END"),
        ("subject", "e.subject"),
        ("occurred_at", "e.occurred_at"),
        ("occurred_on", occurredOn),
        ("occurred_day", "CAST(julianday(\(occurredOn)) - 2440587.5 AS INTEGER)"),
        ("month", "CASE WHEN length(e.occurred_at) >= 7 THEN substr(e.occurred_at, 1, 7) END"),
        ("quarter", quarter),
        ("precision", precision),
        ("known_from", "e.known_from"),
        ("known_to", "e.known_to"),
    ]

    /// The first day it can have been.
    static let occurredOn = "substr(e.occurred_at || '-01-01', 1, 10)"

    private static let quarter = """
        CASE WHEN length(e.occurred_at) >= 7 THEN substr(e.occurred_at, 1, 4) || CASE \
        WHEN substr(e.occurred_at, 6, 2) <= '03' THEN 'Q1' WHEN substr(e.occurred_at, 6, 2) <= '06' THEN 'Q2' \
        WHEN substr(e.occurred_at, 6, 2) <= '09' THEN 'Q3' ELSE 'Q4' END END
        """

    private static let precision = """
        CASE length(e.occurred_at) WHEN 4 THEN 'year' WHEN 7 THEN 'month' WHEN 10 THEN 'day' ELSE 'instant' END
        """

    private static let taken: Set<String> = {
        let reserved = """
            add all alter and any as asc at authorization between both by case cast check collate column constraint \
            create cross current date default delete desc distinct do drop else end except exists fetch filter first \
            for foreign from full grant group having idx in index inner insert intersect into is join key last \
            leading left like limit natural not null nulls of offset on only or order outer over partition primary \
            range references right row rows select set sign some sum table then time timestamp to trailing type \
            union unique update using value values view when where window with
            """
        return Set(visible.map(\.name) + stored + reserved.split(separator: " ").map(String.init))
    }()

    /// The name of a data column: its own, or `data_…` where that means something else already.
    static func free(_ name: String) -> String { taken.contains(name) ? "data_" + name : name }
}
