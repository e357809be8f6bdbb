/// Computes models from all there is: for a new file, a new version, or an answer as of an earlier cut.
///
/// The same SELECTs as in a batch, with other sources; that both come to the same rows is what the tests of order
/// and rebuilding show.
struct ModelBuilder {
    let connection: SQLConnection
    let relationColumns: (ModelReads) throws -> [String]
    /// The table from which a model's rows are read while another is built.
    let table: (ModelFile) -> String
    let temporary: Bool
    /// Called after each model, before those that read it.
    var built: (ModelFile) throws -> Void = { _ in }

    /// Builds models in their order. Each table is created; what it had is gone.
    /// - Parameter all: those that they read and are read by.
    func build(_ models: [ModelFile], among all: [ModelFile]) throws {
        for model in models where model.kind != .view {
            let sql = ModelSQL(
                model: model, target: target(model), mode: .whole, relationColumns: relationColumns, isRead: false)
            try dropWork(sql)
            try connection.execute("DROP TABLE IF EXISTS \(target(model))")
            try connection.execute(sql.creation(of: table(model), temporary: temporary))
            try connection.execute(sql.workTables)
            try connection.execute(sql.sourceViews { name in all.first { $0.name == name }.map(target) ?? name })
            try fill(sql)
            try dropWork(sql)
            try createIndexes(model, readBy: all)
            try built(model)
        }
    }

    private func target(_ model: ModelFile) -> String { (temporary ? "temp." : "") + table(model) }

    private func fill(_ sql: ModelSQL) throws {
        guard sql.model.kind == .fold else {
            try connection.prepare(sql.grouping).run()
            try connection.prepare(sql.adding).run()
            return
        }
        for statement in sql.touching { try connection.prepare(statement).run() }
        do {
            try connection.savepoint { try connection.prepare(sql.filling).run() }
        } catch let failure as SQLFailure where !failure.isEnvironmental {
            // A key that cannot be taken: find it, keeping all others.
            _ = try FoldKeeper(sql, connection: connection).keepTouched()
        }
    }

    /// For folds that look rows of this model up by other columns than its key.
    private func createIndexes(_ model: ModelFile, readBy all: [ModelFile]) throws {
        for reads in all.filter({ $0.kind == .fold }).flatMap(\.reads)
        where reads.source == .model(model.name) && Array(model.identity.prefix(reads.by.count)) != reads.by {
            try connection.execute(
                "CREATE INDEX IF NOT EXISTS \(temporary ? "temp." : "")key_\(table(model))_\(reads.by.joined(separator: "_")) "
                    + "ON \(table(model)) (\(reads.by.joined(separator: ", ")))")
        }
    }

    private func dropWork(_ sql: ModelSQL) throws {
        for table in [sql.freshTable, sql.deltaTable, sql.touchedTable] {
            try connection.execute("DROP TABLE IF EXISTS temp.\(table)")
        }
        for reads in sql.model.reads {
            try connection.execute("DROP VIEW IF EXISTS temp.\(sql.sourceView(reads))")
        }
    }
}
