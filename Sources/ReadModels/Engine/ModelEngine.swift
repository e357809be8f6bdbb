import Catalogue
import Event
import Foundation
import GRDB

/// Keeps the read models of a node up to date: the one writer of `models.db`.
///
/// Everything in the file is a function of the intake log and the catalogue; deleting the file loses nothing. Calls
/// block until their transaction is done: make them off the cooperative pool.
public final class ModelEngine: @unchecked Sendable {
    // Unchecked: the variables are touched only while `lock` is held; all else is immutable.
    private let lock = NSLock()
    private var open: OpenFile?
    private let path: String
    private let options: EngineOptions
    private var writerLock: WriterLock?
    private let tables: [EventTable]
    private var models: ModelSet
    private let typeProblems: [ModelProblem]
    private var installProblems: [ModelProblem] = []

    /// Questions to the same file; usable while the engine writes.
    public let reader: ModelReader

    /// Opens or creates the file and installs the catalogue's models, building those that are new.
    /// - Parameter modelFiles: the models to keep; nil are those of the catalogue.
    /// - Throws: `ReadModelError` naming the file and what to do.
    public init(
        path: String, catalogue: Catalogue, modelFiles: [URL]? = nil, options: EngineOptions = EngineOptions()
    ) throws {
        self.path = path
        self.options = options
        (tables, typeProblems) = Self.tables(catalogue)
        models = ModelSet(files: modelFiles ?? catalogue.modelFiles, tables: tables)
        writerLock = try WriterLock(path: path)
        let file = try OpenFile(path: path, tables: tables, models: models, options: options)
        chmod(path, 0o600)
        installProblems = try file.use { try $0.installModels() }
        open = file
        reader = try ModelReader(path: path)
    }

    /// Columns for every type of the catalogue but those by which other lines are corrected.
    private static func tables(_ catalogue: Catalogue) -> ([EventTable], [ModelProblem]) {
        var tables: [EventTable] = []
        var problems: [ModelProblem] = []
        for (name, type) in catalogue.types.sorted(by: { $0.key < $1.key })
        where name != LineExtractor.corrected && name != LineExtractor.retracted {
            do throws(ModelProblem) {
                let table = try EventTable(type)
                if let other = tables.first(where: { $0.table == table.table }) {
                    throw ModelProblem(
                        file: name, line: 1, what: "\(name) and \(other.type) become one table.", fix: "Rename one.")
                }
                tables.append(table)
            } catch {
                problems.append(error)
            }
        }
        return (tables, problems)
    }

    /// Types and model files that were not installed, each with file, line, and what to do instead.
    public var problems: [ModelProblem] {
        lock.withLock { typeProblems + models.problems + installProblems }
    }

    /// Reads what the intake holds beyond the engine's cut, and brings the models there.
    ///
    /// Rows and cut commit together; what was committed stays when a later batch fails.
    /// - Parameter limit: stop after about so many lines.
    public func advance(from intake: any IntakeReader, limit: Int = .max) throws -> Advance {
        try lock.withLock {
            let file = try current()
            if try file.use({ $0.mustRebuild }) { return try rebuildLocked(from: intake) }
            return try advance(file, from: intake, limit: limit, keepModels: true)
        }
    }

    private func advance(
        _ file: OpenFile, from intake: any IntakeReader, limit: Int, keepModels: Bool
    ) throws -> Advance {
        let start = try file.use { try $0.cut }
        let size = try intake.intakeSize
        guard start <= size else { throw ReadModelError.intakeShrank(cut: start, intake: size) }
        var total = Advance(cut: start)
        let source = BatchSource(
            intake: intake, extractor: LineExtractor(tables: tables), batchLines: min(options.batchLines, limit),
            after: start)
        if try file.use({ $0.mayRetry }) {
            total.add(try file.use { try $0.take([], intake: intake, keepModels: keepModels) })
        }
        while total.lines < limit {
            let batch = try source.batch()
            guard !batch.isEmpty else { break }
            total.add(try file.use { try $0.take(batch, intake: intake, keepModels: keepModels) })
        }
        total.more = try intake.intakeSize > total.cut
        return total
    }

    /// Builds everything again from the first cut, beside the file in use, and switches when done.
    public func rebuild(from intake: any IntakeReader) throws -> Advance {
        try lock.withLock { try rebuildLocked(from: intake) }
    }

    private func rebuildLocked(from intake: any IntakeReader) throws -> Advance {
        let building = path + ".building"
        try FileSwitch.remove(building)
        let beside = try current().use { try $0.besideInfos() }
        let advance = try fill(building, from: intake, beside: beside)
        try switchTo(building)
        return advance
    }

    private func fill(
        _ building: String, from intake: any IntakeReader, beside: [BesideInfo]
    ) throws -> Advance {
        let file = try OpenFile(path: building, tables: tables, models: models, options: options, disposable: true)
        defer { file.close() }
        let advance = try advance(file, from: intake, limit: .max, keepModels: false)
        _ = try file.use { writer in
            // Built anew as well, in steps, once the file is in use.
            for info in beside { try writer.addBeside(try ModelFile(file: info.file, text: info.text), digest: "") }
            return try writer.installModels()
        }
        try file.makeDurable()
        return advance
    }

    private func switchTo(_ building: String) throws {
        try current().emptyWriteAheadLog(path: path)
        open?.close()
        open = nil
        try FileSwitch.replace(path, by: building)
        let file = try OpenFile(path: path, tables: tables, models: models, options: options)
        installProblems = try file.use { try $0.installModels() }
        open = file
        try reader.reopen()
    }

    // MARK: - Versions beside those in use

    /// Versions of models that are built, or kept complete, beside those in use.
    public func besideModels() throws -> [BesideInfo] {
        try lock.withLock { try current().use { try $0.besideInfos() } }
    }

    /// Begins to build a version beside the one in use; `stepBeside` goes on with it.
    /// - Throws: `ModelProblems` when it cannot be kept, or what reads it could not with it.
    public func addBeside(file: String, text: String) throws {
        try lock.withLock {
            let model = try ModelFile(file: file, text: text)
            let set = try models.replacing(model, tables: tables)
            try current().use { try $0.addBeside(model, digest: set.digest(of: model.name)) }
            try reopen()
        }
    }

    /// Removes a version that is beside the one in use.
    public func dropBeside(_ name: String, version: Int) throws {
        try lock.withLock {
            try current().use { try $0.dropBeside(name, version: version) }
            try reopen()
        }
    }

    /// Works out some more rows of versions that are being built. What was committed stays.
    /// - Parameter keys: of a fold, at most so many in one transaction. A roll-up is built in one.
    /// - Returns: whether there is more to build.
    public func stepBeside(keys: Int = 2_000) throws -> Bool {
        try lock.withLock {
            let file = try current()
            guard try !file.use({ $0.mustRebuild }) else { return false }
            return try file.use { try $0.stepBeside(keys: keys) }
        }
    }

    /// Keeps the models of these files from now on. A version that was built beside is switched to, with all that reads
    /// it, in one transaction; the one in use until then stays beside it.
    /// - Returns: whether any model is another one now.
    @discardableResult
    public func use(modelFiles: [URL]) throws -> Bool {
        try lock.withLock {
            let fresh = ModelSet(files: modelFiles, tables: tables)
            let isSame =
                fresh.names == models.names && fresh.names.allSatisfy { fresh.digest(of: $0) == models.digest(of: $0) }
            guard !isSame else { return false }
            models = fresh
            try reopen()
            return true
        }
    }

    /// The same file with other models; questions go on meanwhile.
    private func reopen() throws {
        open?.close()
        open = nil
        let file = try OpenFile(path: path, tables: tables, models: models, options: options)
        installProblems = try file.use { try $0.installModels() }
        open = file
    }

    private func current() throws(ReadModelError) -> OpenFile {
        guard let open else {
            throw .failed(what: "Using the read models", reason: "an earlier rebuild could not finish; restart")
        }
        return open
    }

    /// Closes the file; the engine cannot be used afterwards.
    public func close() {
        lock.withLock {
            open?.close()
            open = nil
            writerLock = nil
        }
    }

    deinit { open?.close() }
}

/// How much memory and work the engine takes at a time.
public struct EngineOptions: Sendable {
    /// SQLite's page cache of the writer, in MiB.
    public var cacheMegabytes: Int
    /// Lines of one transaction.
    public var batchLines: Int
    /// How long the write-ahead log grows, at least, before it is copied into the database.
    public var logBytes: Int64
    /// Called inside each transaction, when a batch's lines are read and the models are not yet made of them: the
    /// worst moment to die, which tests choose.
    public var midway: @Sendable () -> Void

    public init(
        cacheMegabytes: Int = 256, batchLines: Int = 65_536, logBytes: Int64 = 16 << 20,
        midway: @escaping @Sendable () -> Void = {}
    ) {
        self.cacheMegabytes = cacheMegabytes
        self.batchLines = batchLines
        self.logBytes = logBytes
        self.midway = midway
    }
}

extension Advance {
    fileprivate mutating func add(_ other: Advance) {
        cut = other.cut
        runs += other.runs
        lines += other.lines
        parked += other.parked
    }
}
