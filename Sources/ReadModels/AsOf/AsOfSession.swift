import GRDB

/// A connection of its own on which everything looks as it was known at a cut, or as it was true on a day.
///
/// Temporary views of the events' names hide the real ones; folds and roll-ups are worked out anew into temporary
/// tables by the same SELECTs. Nothing in the file changes, so that what comes out once comes out again.
final class AsOfSession {
    let asOf: AsOf
    /// Versions of models, by name, that are not those in use.
    let versions: [String: Int]
    private let queue: DatabaseQueue
    private let cut: Int64
    private var connection: SQLConnection?
    private var built: Set<String> = []

    /// - Parameter cut: the cut that `asOf` comes to.
    init(path: String, asOf: AsOf, cut: Int64, versions: [String: Int]) throws {
        self.asOf = asOf
        self.versions = versions
        self.cut = cut
        queue = try ModelDatabase.openSession(path: path)
        try queue.inDatabase { db in
            let connection = try db.connection()
            try Self.hideRelations(connection, asOf: AsOf(cut: cut, trueAt: asOf.trueAt))
            self.connection = connection
        }
    }

    /// Answers from this state, working out first the models that are needed.
    func read<T>(_ models: [ModelFile], registry: ModelRegistry, _ body: (ReadContext) throws -> T) throws -> T {
        try queue.inDatabase { _ in
            guard let connection else {
                throw ReadModelError.failed(what: "Asking as of cut \(cut)", reason: "the session is closed")
            }
            try build(models, registry: registry, connection)
            return try body(
                ReadContext(connection: connection, registry: registry, cut: cut, asOf: asOf, tables: "temp"))
        }
    }

    func close() {
        connection?.finalizeStatements()
        connection = nil
    }

    deinit { close() }

    // MARK: - Relations

    private static func hideRelations(_ connection: SQLConnection, asOf: AsOf) throws {
        let views = try connection.rows(
            "SELECT name, sql FROM main.sqlite_master WHERE type = 'view' AND (substr(name, 1, 3) = 'ev_' OR name = 'logs')"
        )
        for view in views {
            guard let name = view[0].text, let sql = view[1].text else { continue }
            let selection =
                name == "logs"
                ? LogsRelation.selection(at: asOf.cut)
                : sql.dropPrefix("CREATE VIEW \(name) AS ").replacing(Knowledge.now, with: Knowledge.condition(asOf))
            try connection.execute("CREATE TEMP VIEW \(name) AS \(selection)")
        }
    }

    private func build(_ models: [ModelFile], registry: ModelRegistry, _ connection: SQLConnection) throws {
        let wanted = models.filter { !built.contains($0.name) && $0.kind != .view }
        guard !wanted.isEmpty else { return }
        let builder = ModelBuilder(
            connection: connection, relationColumns: Self.relationColumns(connection), table: \.name,
            temporary: true)
        try builder.build(wanted, among: registry.models)
        built.formUnion(wanted.map(\.name))
    }

    private static func relationColumns(_ connection: SQLConnection) -> (ModelReads) throws -> [String] {
        { reads in
            try connection.rows("SELECT name FROM pragma_table_info(?)", .text(reads.relation)).compactMap {
                $0[0].text
            }
        }
    }
}

extension String {
    func dropPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
