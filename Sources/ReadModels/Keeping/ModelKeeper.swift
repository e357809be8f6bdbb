/// Keeps one model's rows up with the batches.
protocol ModelKeeper {
    var model: ModelFile { get }

    /// Brings the rows to the end of the batch.
    /// - Returns: whether any row changed.
    func keep() throws -> Bool

    /// Forgets the batch; called once all models are kept.
    func endBatch() throws
}

/// Keeps a fold: works out the rows of the keys that a batch touches, and replaces those that differ.
final class FoldKeeper: ModelKeeper {
    let model: ModelFile
    private let sql: ModelSQL
    private let connection: SQLConnection
    private let touching: [SQLStatement]
    private let clearing: SQLStatement
    private let filling: SQLStatement
    private let computing: SQLStatement
    private let comparing: SQLStatement
    private let removing: SQLStatement
    private let inserting: SQLStatement

    /// - Throws: `SQLFailure` where SQLite does not understand the model.
    init(_ sql: ModelSQL, connection: SQLConnection) throws {
        self.sql = sql
        self.connection = connection
        model = sql.model
        touching = try sql.touching.map { try connection.prepare($0) }
        clearing = try connection.prepare(sql.clearing)
        filling = try connection.prepare(sql.filling)
        computing = try connection.prepare(sql.computing)
        comparing = try connection.prepare(sql.comparing)
        removing = try connection.prepare(sql.removing)
        inserting = try connection.prepare(sql.inserting)
    }

    func keep() throws -> Bool {
        var touched = 0
        for statement in touching {
            try statement.run()
            touched += statement.changes
        }
        return touched > 0 ? try keepTouched() : false
    }

    /// Works out the keys that are in `touched` already.
    func keepTouched() throws -> Bool {
        let before = try lastDelta()
        do {
            try connection.savepoint { try work() }
            try releaseKeys()
        } catch let failure as SQLFailure where !failure.isEnvironmental {
            try workKeyByKey()
        }
        try connection.run("DELETE FROM temp.\(sql.touchedTable)")
        return try lastDelta() > before
    }

    /// From the keys in `touched` to the rows.
    private func work() throws {
        guard sql.isRead else {
            try clearing.run()
            return try filling.run()
        }
        let before = try lastDelta()
        try connection.run("DELETE FROM temp.\(sql.freshTable)")
        try computing.run()
        try apply(after: before)
    }

    private func apply(after before: Int64) throws {
        try comparing.run()
        removing.bind(before, at: 1)
        try removing.run()
        inserting.bind(before, at: 1)
        try inserting.run()
    }

    private func lastDelta() throws -> Int64 {
        try connection.value("SELECT coalesce(max(rowid), 0) FROM temp.\(sql.deltaTable)")?.integer ?? 0
    }

    func endBatch() throws {
        try connection.run("DELETE FROM temp.\(sql.deltaTable)")
        try connection.run("DELETE FROM temp.\(sql.freshTable)")
    }

    // MARK: - Keys that a fold cannot take

    /// One bad key must not stop the others: halves the keys until the bad ones are alone, and parks those.
    private func workKeyByKey() throws {
        try workKeys(try connection.rows("SELECT \(sql.key) FROM temp.\(sql.touchedTable)")[...])
    }

    private func workKeys(_ keys: ArraySlice<[ModelValue]>) throws {
        try touch(keys)
        do {
            try connection.savepoint { try work() }
            try releaseKeys()
        } catch let failure as SQLFailure where !failure.isEnvironmental {
            guard keys.count > 1 else { return try park(failure) }
            let middle = keys.startIndex + keys.count / 2
            try workKeys(keys[..<middle])
            try workKeys(keys[middle...])
        }
    }

    private func touch(_ keys: ArraySlice<[ModelValue]>) throws {
        try connection.run("DELETE FROM temp.\(sql.touchedTable)")
        let marks = model.key.map { _ in "?" }.joined(separator: ", ")
        let insert = try connection.cached("INSERT INTO temp.\(sql.touchedTable) (\(sql.key)) VALUES (\(marks))")
        for key in keys {
            for (index, value) in key.enumerated() { insert.bind(value, at: Int32(index + 1)) }
            try insert.run()
        }
    }

    /// The one key in `touched` has no rows until it can be worked out again.
    private func park(_ failure: SQLFailure) throws {
        if sql.isRead {
            let before = try lastDelta()
            try connection.run("DELETE FROM temp.\(sql.freshTable)")
            try apply(after: before)
        } else {
            try clearing.run()
        }
        try connection.run(
            "INSERT OR REPLACE INTO parked_key (model, key, detail) SELECT ?, \(keyText), ? FROM temp.\(sql.touchedTable)",
            .text(model.name), .text(failure.message))
    }

    private func releaseKeys() throws {
        try connection.run(
            """
            DELETE FROM parked_key WHERE model = ?1 AND EXISTS (SELECT 1 FROM parked_key WHERE model = ?1) \
            AND key IN (SELECT \(keyText) FROM temp.\(sql.touchedTable))
            """, .text(model.name))
    }

    private var keyText: String { model.key.joined(separator: " || ' ' || ") }
}

/// Keeps a roll-up: adds to each group what the batch's differences come to.
final class RollUpKeeper: ModelKeeper {
    let model: ModelFile
    private let sql: ModelSQL
    private let connection: SQLConnection
    private let grouping: SQLStatement
    private let steps: [SQLStatement]

    /// - Throws: `SQLFailure` where SQLite does not understand the model.
    init(_ sql: ModelSQL, connection: SQLConnection) throws {
        self.sql = sql
        self.connection = connection
        model = sql.model
        grouping = try connection.prepare(sql.grouping)
        steps = try [sql.noting(sign: -1), sql.adding, sql.emptying, sql.noting(sign: 1)].map {
            try connection.prepare($0)
        }
    }

    func keep() throws -> Bool {
        try grouping.run()
        guard grouping.changes > 0 else { return false }
        for step in steps { try step.run() }
        return true
    }

    func endBatch() throws {
        try connection.run("DELETE FROM temp.\(sql.freshTable)")
        try connection.run("DELETE FROM temp.\(sql.deltaTable)")
    }
}
