import Foundation
import GRDB
import GRDBSQLite

/// A `models.db` that is open for writing: the connection, and all that the engine keeps on it.
final class OpenFile {
    private let queue: DatabaseQueue
    private var held: ModelWriter?

    init(
        path: String, tables: [EventTable], models: ModelSet, options: EngineOptions, disposable: Bool = false
    ) throws {
        queue = try ModelDatabase.openWriter(path: path, options: options, disposable: disposable)
        do {
            held = try queue.writeWithoutTransaction { db in
                try ModelWriter(
                    connection: db.connection(), path: path, tables: tables, models: models, options: options)
            }
        } catch let failure as SQLFailure {
            throw ReadModelError.unusable(path: path, reason: failure.message)
        }
    }

    /// Runs a body on the connection's own queue.
    /// - Throws: what the body throws; what SQLite refuses, as `ReadModelError.failed`.
    func use<T>(_ body: (ModelWriter) throws -> T) throws -> T {
        guard let held else { throw ReadModelError.failed(what: "Using the read models", reason: "they are closed") }
        do {
            return try queue.writeWithoutTransaction { _ in try body(held) }
        } catch let failure as SQLFailure {
            throw ReadModelError.failed(what: "Keeping the read models", reason: failure.description)
        }
    }

    /// Puts a disposable file on disk for good.
    func makeDurable() throws {
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
            try db.execute(sql: "UPDATE meta SET value = value WHERE name = 'cut'")
            try db.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// Copies everything into the database, so that it is whole without its write-ahead log.
    /// - Throws: `ReadModelError.failed` where a reader holds on to an old state for a minute.
    func emptyWriteAheadLog(path: String) throws {
        for _ in 0..<600 {
            let isBusy = try queue.writeWithoutTransaction { db in
                try Int.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") ?? 1
            }
            if isBusy == 0 { return }
            usleep(100_000)
        }
        throw ReadModelError.failed(
            what: "Switching to the rebuilt read models in \(path)", reason: "a long question is still being answered")
    }

    func close() {
        held?.close()
        held = nil
        do {
            try queue.close()
        } catch {
            // The queue closes again when it goes away; its writes were committed before.
        }
    }
}

/// Puts one database file in the place of another.
enum FileSwitch {
    static func remove(_ path: String) throws(ReadModelError) {
        for name in [path, path + "-wal", path + "-shm", path + "-journal"] {
            guard unlink(name) == 0 || errno == ENOENT else {
                throw .unusable(path: name, reason: String(cString: strerror(errno)))
            }
        }
    }

    /// The replaced file's write-ahead log must be empty, so that a crash between the steps harms nothing.
    static func replace(_ path: String, by other: String) throws(ReadModelError) {
        for name in [path + "-wal", path + "-shm"] {
            guard unlink(name) == 0 || errno == ENOENT else {
                throw .unusable(path: name, reason: String(cString: strerror(errno)))
            }
        }
        guard rename(other, path) == 0 else {
            throw .unusable(path: other, reason: String(cString: strerror(errno)))
        }
        for name in [other + "-wal", other + "-shm"] { unlink(name) }
    }
}
