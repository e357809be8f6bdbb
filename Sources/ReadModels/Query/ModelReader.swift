import Catalogue
import Event
import Foundation
import GRDB

/// Answers questions from `models.db`, in this process or in another one than the engine's.
///
/// Calls block: make them off the cooperative pool.
public final class ModelReader: @unchecked Sendable {
    // Unchecked: the variables are touched only while `lock` is held; a pool is safe to share, and a session serves
    // one question at a time on its own queue.
    private let lock = NSLock()
    private let path: String
    private var pool: DatabasePool
    private var registry: ModelRegistry?
    private var sessions: [AsOfSession] = []

    /// Answers as of other moments that are kept, so that paging through one works it out once.
    private static let maximumSessions = 2

    /// - Throws: `ReadModelError` where the file is missing or not one of ours.
    public init(path: String) throws {
        self.path = path
        pool = try ModelDatabase.openReaders(path: path)
        _ = try cut
    }

    /// Looks at the file anew, after another took its place.
    func reopen() throws {
        let fresh = try ModelDatabase.openReaders(path: path)
        lock.withLock {
            pool = fresh
            registry = nil
            sessions = []
        }
    }

    private var currentPool: DatabasePool { lock.withLock { pool } }

    /// The cut that the models stand at.
    public var cut: Int64 {
        get throws {
            try reading { db in
                try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'cut'") ?? 0
            }
        }
    }

    /// Every installed model, by name.
    public func models() throws -> [ModelInfo] {
        try read { context in
            let parked = try context.connection.rows(
                "SELECT model, count(*), min(detail) FROM parked_key GROUP BY model")
            return context.registry.models.map { model in
                var info = model.info
                info.failure = context.registry.failures[model.name]
                if let row = parked.first(where: { $0[0].text == model.name }) {
                    info.failure = "\(row[1]) keys could not be worked out: \(row[2])"
                }
                return info
            }
        }
    }

    // MARK: - States

    /// Runs a body over one unchanging state of the file.
    /// - Parameters:
    ///   - models: names of those that the body will ask for.
    ///   - reader: by whose rights rows may have to be judged by other models.
    ///   - versions: of models, by name, where others than those in use are wanted; they are worked out anew.
    func read<T>(
        _ models: [String] = [], for reader: Reader = .holder, asOf: AsOf = .now, versions: [String: Int] = [:],
        _ body: (ReadContext) throws -> T
    ) throws -> T {
        let (cut, current) = try reading { db in
            (try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'cut'") ?? 0, try currentRegistry(db))
        }
        let others = versions.filter { current.find($0.key)?.version != $0.value }
        let registry = try current.with(others)
        if let wanted = asOf.cut, wanted > cut { throw ReadModelError.notYetKnown(cut: wanted, newest: cut) }
        let asked = models.compactMap(registry.find)
        let judges = asked.compactMap { reader.through($0.topic)?.model }.compactMap(registry.find)
        let needed = (asked + judges).flatMap(registry.closure)
        guard asOf.trueAt != nil || (asOf.cut ?? cut) != cut || !others.isEmpty else { return try readNow(body) }
        let resolved = AsOf(cut: asOf.cut ?? cut, trueAt: asOf.trueAt)
        return try translatingErrors {
            let session = try session(resolved, others)
            return try session.read(needed, registry: registry, body)
        }
    }

    private func readNow<T>(_ body: (ReadContext) throws -> T) throws -> T {
        try reading { db in
            let connection = try db.connection()
            let cut = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'cut'") ?? 0
            return try body(
                ReadContext(connection: connection, registry: currentRegistry(db), cut: cut, asOf: .now))
        }
    }

    private func session(_ asOf: AsOf, _ versions: [String: Int]) throws -> AsOfSession {
        try lock.withLock {
            if let found = sessions.first(where: { $0.asOf == asOf && $0.versions == versions }) {
                return found
            }
            let session = try AsOfSession(path: path, asOf: asOf, cut: asOf.cut ?? 0, versions: versions)
            sessions = [session] + sessions.prefix(Self.maximumSessions - 1)
            return session
        }
    }

    /// The models as installed now; sessions of others are dropped.
    private func currentRegistry(_ db: Database) throws -> ModelRegistry {
        let generation = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'generation'") ?? 0
        return try lock.withLock {
            if let registry, registry.generation == generation { return registry }
            let fresh = try ModelRegistry(db)
            if registry != nil { sessions = [] }
            registry = fresh
            return fresh
        }
    }

    private func reading<T>(_ body: (Database) throws -> T) throws -> T {
        try translatingErrors { try currentPool.read(body) }
    }

    private func translatingErrors<T>(_ body: () throws -> T) throws -> T {
        do {
            return try body()
        } catch let failure as SQLFailure {
            throw ReadModelError.failed(what: "Answering from the read models", reason: failure.description)
        } catch let error as DatabaseError {
            throw ReadModelError.failed(
                what: "Answering from the read models", reason: error.message ?? "\(error.resultCode)")
        }
    }
}
