/// The tables of `models.db` that are the engine's own.
///
/// Invariants:
/// * `line` numbers count the lines read, in the order of intake, from 1. Lines of a run are consecutive, so that a
///   line's number follows from its run: no index over lines is needed.
/// * An event's `ev` is `line << 12 | version`: rows are appended in order, and the versions of a line stand together.
/// * `known_to` is NULL for what is known now. Intervals are in cuts, and never change once a later cut is read.
/// * A log has a row for each of its histories; that with an empty `history` is the one met first. What they have in
///   common is read once, under it. `amendment.target_log` is always that row: the leaf hash says which line is meant.
/// * Numbers of logs, places and terms depend on the order of arrival; they never leave the engine.
/// * `bound` is what revocations say: from which size on a log does not count, the empty name standing for all logs of
///   the epoch that are not named.
enum EngineSchema {
    static let version = 3
    static let versionBits: Int64 = 12
    static let maximumVersions = 1 << versionBits

    /// Versions of models beside those in use. Also made in files that are older.
    static let beside = """
        CREATE TABLE IF NOT EXISTS beside (
            name TEXT NOT NULL, version INTEGER NOT NULL, digest TEXT NOT NULL, file TEXT NOT NULL, text TEXT NOT NULL,
            state TEXT NOT NULL, waiting INTEGER NOT NULL DEFAULT 0, failure TEXT, PRIMARY KEY (name, version)
        ) STRICT, WITHOUT ROWID;
        """

    static let statements = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER, text TEXT) STRICT;
        INSERT INTO meta (name, value) VALUES ('cut', 0), ('line', 0), ('generation', 0), ('retry', 0);
        CREATE TABLE log (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, history TEXT NOT NULL, node TEXT NOT NULL,
            audience TEXT NOT NULL, lane TEXT NOT NULL, size INTEGER NOT NULL, UNIQUE (name, history)
        ) STRICT;
        CREATE TABLE place (
            id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, village TEXT, district TEXT, regency TEXT, province TEXT
        ) STRICT;
        CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE run (
            line INTEGER PRIMARY KEY, log_id INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
            cut INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX run_log ON run (log_id, first);
        CREATE TABLE parked (
            line INTEGER PRIMARY KEY, log_id INTEGER NOT NULL, seq INTEGER NOT NULL, cut INTEGER NOT NULL,
            type TEXT, reason TEXT NOT NULL, detail TEXT NOT NULL
        ) STRICT;
        CREATE INDEX parked_log ON parked (log_id, seq);
        CREATE TABLE amendment (
            line INTEGER PRIMARY KEY, target_log INTEGER NOT NULL, target_seq INTEGER NOT NULL,
            target_hash BLOB NOT NULL, retracts INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX amendment_target ON amendment (target_log, target_seq);
        CREATE TABLE dedupe (digest INTEGER NOT NULL, line INTEGER NOT NULL, PRIMARY KEY (digest, line)) STRICT, WITHOUT ROWID;
        CREATE INDEX dedupe_line ON dedupe (line);
        \(bounds)
        CREATE TABLE event_type (name TEXT PRIMARY KEY, version INTEGER NOT NULL, layout TEXT NOT NULL) STRICT;
        CREATE TABLE model (
            name TEXT PRIMARY KEY, version INTEGER NOT NULL, digest TEXT NOT NULL, file TEXT NOT NULL,
            text TEXT NOT NULL, failure TEXT
        ) STRICT;
        CREATE TABLE parked_key (
            model TEXT NOT NULL, key TEXT NOT NULL, detail TEXT NOT NULL, PRIMARY KEY (model, key)
        ) STRICT, WITHOUT ROWID;
        """

    private static let bounds = """
        CREATE TABLE bound (
            line INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER, node TEXT NOT NULL,
            epoch TEXT NOT NULL, log TEXT NOT NULL, size INTEGER NOT NULL, authority TEXT NOT NULL,
            PRIMARY KEY (line, known_from, log)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bound_epoch ON bound (node, epoch);
        """
}
