import Event
import Foundation

/// Everything the engine holds on its one writing connection: prepared statements, names, keepers.
///
/// Not Sendable: lives inside the queue that owns the connection.
final class ModelWriter {
    private let connection: SQLConnection
    private let tables: [EventTable]
    private let models: ModelSet
    private let path: String
    private let options: EngineOptions
    private let pageBytes: Int64
    private let extractor: LineExtractor
    private var logs: LogTable
    private var rows: RowWriter
    private var capture: ChangeCapture
    private var keepers: [any ModelKeeper] = []
    /// Versions beside those in use.
    private var besides: BesideModels?
    /// Models that could not be kept up.
    private var broken: Set<String> = []
    private(set) var mustRebuild = false
    private(set) var mayRetry = false

    init(
        connection: SQLConnection, path: String, tables: [EventTable], models: ModelSet, options: EngineOptions
    ) throws {
        self.connection = connection
        self.tables = tables
        self.models = models
        self.path = path
        self.options = options
        pageBytes = try connection.value("PRAGMA page_size")?.integer ?? 4_096
        connection.watchLog()
        extractor = LineExtractor(tables: tables)
        let installation = Installation(connection: connection, path: path, tables: tables, models: models)
        let outcome = try connection.transaction { try installation.prepareEvents() }
        mustRebuild = outcome.mustRebuild
        mayRetry = outcome.mayRetry
        logs = LogTable(connection)
        // A file whose columns are others takes nothing in; it only answers until its successor is built.
        rows = try RowWriter(connection, tables: outcome.mustRebuild ? [] : tables)
        capture = try ChangeCapture(connection: connection, tables: outcome.mustRebuild ? [] : tables)
    }

    /// Builds indexes and models, from whatever has been read.
    /// - Returns: models that SQLite does not understand.
    func installModels() throws -> [ModelProblem] {
        guard !mustRebuild else { return [] }
        let columns = Self.relationColumns(tables)
        let installation = Installation(connection: connection, path: path, tables: tables, models: models)
        let problems = try connection.transaction {
            try installation.createIndexes()
            return try installation.installModels(relationColumns: columns)
        }
        let beside = try connection.transaction {
            try BesideTable(connection).reconcile(with: models, tables: tables)
        }
        try createKeepers(columns, without: Set(problems.map(\.file)), alsoReadBy: beside.map(\.model))
        besides = try BesideModels(beside, connection: connection, models: models, relationColumns: columns)
        return problems
    }

    private func createKeepers(
        _ columns: @escaping (ModelReads) throws -> [String], without failed: Set<String>,
        alsoReadBy others: [ModelFile]
    ) throws {
        for model in models.models where model.kind != .view && !failed.contains(model.file) {
            let sql = ModelSQL(
                model: model, target: model.table, mode: .incremental, relationColumns: columns,
                isRead: (models.models + others).contains { $0.kind != .view && $0.modelsRead.contains(model.name) })
            try connection.execute(sql.workTables)
            try connection.execute(sql.sourceViews { $0 })
            keepers.append(
                model.kind == .fold
                    ? try FoldKeeper(sql, connection: connection) : try RollUpKeeper(sql, connection: connection))
        }
    }

    static func relationColumns(_ tables: [EventTable]) -> (ModelReads) throws -> [String] {
        let byType = Dictionary(uniqueKeysWithValues: tables.map { ($0.type, $0) })
        return { reads in
            guard case .event(let type, let list) = reads.source, let table = byType[type] else { return [] }
            guard let list else { return table.relationColumns }
            return table.lists.first { $0.name == list }.map(table.relationColumns) ?? []
        }
    }

    // MARK: - Batches

    var cut: Int64 {
        get throws { try connection.value("SELECT value FROM meta WHERE name = 'cut'")?.integer ?? 0 }
    }

    /// Reads runs and brings the models to their end, in one transaction.
    /// - Parameter keepModels: false while a new file is filled, whose models are built afterwards.
    func take(_ batch: [ParsedRun], intake: any IntakeReader, keepModels: Bool = true) throws -> Advance {
        do {
            let advance = try connection.transaction { try takeInTransaction(batch, intake, keepModels: keepModels) }
            mayRetry = false
            try checkpointNowAndThen()
            return advance
        } catch {
            logs.forget()
            rows.forget()
            throw error
        }
    }

    private func takeInTransaction(
        _ batch: [ParsedRun], _ intake: any IntakeReader, keepModels: Bool
    ) throws -> Advance {
        let firstLine = try (connection.value("SELECT value FROM meta WHERE name = 'line'")?.integer ?? 0) + 1
        try capture.begin(firstLine: firstLine)
        let quarantine = try Quarantine(connection: connection, intake: intake)
        var pass = IntakePass(
            connection: connection, logs: logs, writer: rows, quarantine: quarantine, nextLine: firstLine)
        for run in batch { try pass.take(run) }
        let settled = try settle(pass, intake, quarantine)
        options.midway()
        if keepModels { try keepUp(changes(batch, settled)) }
        try capture.end(tables: tables)

        if mayRetry { try connection.run("UPDATE meta SET value = 0 WHERE name = 'retry'") }
        let cut = try batch.last?.cut ?? self.cut
        try connection.run("UPDATE meta SET value = ? WHERE name = 'cut'", .integer(cut))
        try connection.run("UPDATE meta SET value = ? WHERE name = 'line'", .integer(pass.nextLine - 1))
        var advance = Advance(cut: cut)
        advance.runs = batch.count
        advance.lines = Int(pass.nextLine - firstLine)
        advance.parked = pass.parked + (settled?.parkedChange ?? 0)
        return advance
    }

    private func settle(
        _ pass: IntakePass, _ intake: any IntakeReader, _ quarantine: Quarantine
    ) throws -> Settlement? {
        let retried = mayRetry ? try linesToRetry() : []
        guard !pass.open.isEmpty || !retried.isEmpty else { return nil }
        var settlement = Settlement(
            connection: connection, intake: intake, writer: rows, extractor: extractor, capture: capture,
            quarantine: quarantine)
        try settlement.settle(pass.open, lines: retried)
        return settlement
    }

    /// Lines parked for want of a schema that is here now.
    private func linesToRetry() throws -> Set<Int64> {
        let reasons: [ParkReason] = [.unknownType, .newerVersion, .badValue]
        let list = reasons.map { "'\($0.rawValue)'" }.joined(separator: ", ")
        return Set(
            try connection.rows("SELECT line FROM parked WHERE reason IN (\(list))").compactMap { $0[0].integer })
    }

    /// The types of which a batch has rows, and those of earlier rows that it changed.
    private func changes(_ batch: [ParsedRun], _ settled: Settlement?) -> Changes {
        var changes = Changes()
        var seen = [Bool](repeating: false, count: tables.count)
        for run in batch {
            for case .record(let record) in run.parsed.lines { seen[record.table] = true }
        }
        for (index, table) in tables.enumerated() where seen[index] { changes.note(table.relation) }
        for relation in settled?.relations ?? [] { changes.note(relation) }
        return changes
    }

    private func keepUp(_ first: Changes) throws {
        var changes = first
        var kept: [any ModelKeeper] = []
        for keeper in keepers where changes.concern(keeper.model) && !broken.contains(keeper.model.name) {
            kept.append(keeper)
            do {
                if try connection.savepoint(keeper.keep) { changes.note(keeper.model.name) }
            } catch let failure as SQLFailure where !failure.isEnvironmental {
                try setAside(keeper.model, failure)
            }
        }
        try besides?.keep(changes)
        for keeper in kept { try keeper.endBatch() }
    }

    // MARK: - Versions beside

    func besideInfos() throws -> [BesideInfo] { try BesideTable(connection).infos() }

    /// Builds some more of the versions that are being built, in a transaction of its own.
    /// - Returns: whether there is more to build.
    func stepBeside(keys: Int) throws -> Bool {
        guard let besides, besides.isBuilding else { return false }
        try connection.transaction { try besides.step(keys: keys) }
        try checkpointNowAndThen()
        return besides.isBuilding
    }

    func addBeside(_ model: ModelFile, digest: String) throws {
        try connection.transaction { try BesideTable(connection).add(model, digest: digest) }
    }

    func dropBeside(_ name: String, version: Int) throws {
        try connection.transaction { try BesideTable(connection).drop(name, version: version) }
    }

    /// A model that cannot be kept stops neither the others nor the logs. It answers no more, nor does what reads it,
    /// until it is built anew when the file is opened next.
    private func setAside(_ model: ModelFile, _ failure: SQLFailure) throws {
        for reader in models.models where models.closure(of: reader.name).contains(model) {
            broken.insert(reader.name)
            try connection.run(
                "UPDATE model SET failure = ?, digest = '' WHERE name = ?", .text("\(model.name): \(failure.message)"),
                .text(reader.name))
        }
        try connection.run("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    }

    /// Between batches, so that nobody else ever needs to. The larger the database, the longer its write-ahead log
    /// may grow: a page that many batches change is then copied once.
    private func checkpointNowAndThen() throws {
        let log = connection.logPages * pageBytes
        guard log >= options.logBytes, log >= Self.fileSize(path) || log >= Self.largestLog else { return }
        try connection.checkpoint()
    }

    private static let largestLog: Int64 = 1 << 30

    private static func fileSize(_ path: String) -> Int64 {
        var info = stat()
        guard stat(path, &info) == 0 else { return 0 }
        return Int64(info.st_size)
    }

    /// Must come before the connection closes.
    func close() {
        keepers = []
        besides = nil
        connection.finalizeStatements()
    }
}
