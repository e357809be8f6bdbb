/// Builds versions of models beside those in use, some keys at a time, and keeps them up with the batches meanwhile.
///
/// What must stay true: a key's rows are worked out whole, from all its events, whenever a batch touches it or its turn
/// comes. So it does not matter which of the two comes first, nor that a program stops between two steps.
final class BesideModels {
    private struct Entry {
        let model: ModelFile
        var isReady: Bool
        /// Nil until a roll-up is built, and for views.
        var keeper: (any ModelKeeper)?
    }

    private let connection: SQLConnection
    private let models: ModelSet
    private let relationColumns: (ModelReads) throws -> [String]
    private let table: BesideTable
    private var entries: [Entry] = []

    init(
        _ wanted: [(model: ModelFile, isReady: Bool)], connection: SQLConnection, models: ModelSet,
        relationColumns: @escaping (ModelReads) throws -> [String]
    ) throws {
        self.connection = connection
        self.models = models
        self.relationColumns = relationColumns
        table = BesideTable(connection)
        for (model, isReady) in wanted {
            do {
                entries.append(try connection.transaction { try entry(model, isReady: isReady) })
            } catch let failure as SQLFailure where !failure.isEnvironmental {
                try connection.transaction { try table.set(model, state: .failed, failure: failure.message) }
            }
        }
    }

    var isBuilding: Bool { entries.contains { !$0.isReady } }

    // MARK: - Batches

    /// Brings those that a batch concerns to its end, in its transaction.
    func keep(_ changes: Changes) throws {
        for (index, entry) in entries.enumerated().reversed() {
            guard let keeper = entry.keeper, changes.concern(entry.model) else { continue }
            do {
                _ = try connection.savepoint(keeper.keep)
                try keeper.endBatch()
            } catch let failure as SQLFailure where !failure.isEnvironmental {
                try table.set(entry.model, state: .failed, failure: failure.message)
                entries.remove(at: index)
            }
        }
    }

    // MARK: - Building

    private func entry(_ model: ModelFile, isReady: Bool) throws -> Entry {
        switch model.kind {
        case .fold:
            if !isReady {
                let sql = sql(model, .incremental)
                try connection.execute("DROP TABLE IF EXISTS \(model.table)")
                try connection.execute(sql.creation(of: model.table, temporary: false))
                try noteKeys(model)
            }
            return Entry(model: model, isReady: isReady, keeper: try keeper(model))
        case .rollUp: return Entry(model: model, isReady: isReady, keeper: isReady ? try keeper(model) : nil)
        case .view: return Entry(model: model, isReady: isReady, keeper: nil)
        }
    }

    private func sql(_ model: ModelFile, _ mode: ModelSQL.Mode) -> ModelSQL {
        ModelSQL(model: model, target: model.table, mode: mode, relationColumns: relationColumns, isRead: false)
    }

    private func keeper(_ model: ModelFile) throws -> any ModelKeeper {
        let sql = sql(model, .incremental)
        try connection.execute(sql.workTables)
        try connection.execute(sql.sourceViews { $0 })
        return model.kind == .fold
            ? try FoldKeeper(sql, connection: connection) : try RollUpKeeper(sql, connection: connection)
    }

    private func waitingTable(_ model: ModelFile) -> String { "temp.waiting_\(model.name)" }

    /// The keys there are now. Those that come later, a batch touches.
    private func noteKeys(_ model: ModelFile) throws {
        let key = model.key.joined(separator: ", ")
        try connection.execute(
            "CREATE TEMP TABLE waiting_\(model.name) (\(key), PRIMARY KEY (\(key))) WITHOUT ROWID")
        for reads in model.reads where !reads.by.isEmpty {
            let present = reads.by.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
            try connection.run(
                """
                INSERT OR IGNORE INTO \(waitingTable(model)) (\(key)) \
                SELECT \(reads.by.joined(separator: ", ")) FROM \(reads.relation) WHERE \(present)
                """)
        }
    }

    /// Works out the rows of some keys, or a whole roll-up. In the caller's transaction.
    func step(keys limit: Int) throws {
        guard let index = entries.firstIndex(where: { !$0.isReady }) else { return }
        let model = entries[index].model
        do {
            let waiting = try connection.savepoint { try work(index, limit) }
            if waiting == 0 {
                entries[index].isReady = true
                try table.set(model, state: .ready)
            } else {
                try table.set(model, state: .building, waiting: waiting)
            }
        } catch let failure as SQLFailure where !failure.isEnvironmental {
            try table.set(model, state: .failed, failure: failure.message)
            entries.remove(at: index)
        }
    }

    /// For folds that will look its rows up by other columns than its key.
    private func createIndexes(_ model: ModelFile) throws {
        for reads in models.models.filter({ $0.kind == .fold }).flatMap(\.reads)
        where reads.source == .model(model.family) && Array(model.identity.prefix(reads.by.count)) != reads.by {
            try connection.execute(
                "CREATE INDEX IF NOT EXISTS key_\(model.table)_\(reads.by.joined(separator: "_")) "
                    + "ON \(model.table) (\(reads.by.joined(separator: ", ")))")
        }
    }

    /// - Returns: keys that wait still.
    private func work(_ index: Int, _ limit: Int) throws -> Int64 {
        let model = entries[index].model
        switch model.kind {
        case .view: return 0
        case .rollUp:
            try ModelBuilder(
                connection: connection, relationColumns: relationColumns, table: { $0.table }, temporary: false
            ).build([model], among: models.models + [model])
            entries[index].keeper = try keeper(model)
            return 0
        case .fold:
            guard let keeper = entries[index].keeper as? FoldKeeper else { return 0 }
            let key = model.key.joined(separator: ", ")
            try connection.run(
                """
                INSERT INTO temp.touched_\(model.name) (\(key)) \
                SELECT \(key) FROM \(waitingTable(model)) ORDER BY \(key) LIMIT \(limit)
                """)
            try connection.run(
                "DELETE FROM \(waitingTable(model)) WHERE (\(key)) IN (SELECT \(key) FROM temp.touched_\(model.name))")
            _ = try keeper.keepTouched()
            let waiting = try connection.value("SELECT count(*) FROM \(waitingTable(model))")?.integer ?? 0
            if waiting == 0 { try createIndexes(model) }
            return waiting
        }
    }
}
