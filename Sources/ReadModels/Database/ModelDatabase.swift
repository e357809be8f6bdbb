import Foundation
import GRDB
import GRDBSQLite

/// Opens `models.db`.
enum ModelDatabase {
    /// The one writing connection. It checkpoints by itself, between batches.
    /// - Parameter disposable: the file is being built and thrown away on failure, so it need not survive a crash.
    static func openWriter(
        path: String, options: EngineOptions, disposable: Bool = false
    ) throws(ReadModelError) -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "models"
        configuration.prepareDatabase { db in
            Self.withoutAuthorizer(db)
            try db.execute(
                sql: """
                    PRAGMA mmap_size = 0;
                    PRAGMA cache_size = -\(options.cacheMegabytes * 1024);
                    PRAGMA temp_store = MEMORY;
                    PRAGMA journal_mode = \(disposable ? "OFF" : "WAL");
                    PRAGMA synchronous = \(disposable ? "OFF" : "NORMAL");
                    PRAGMA wal_autocheckpoint = 0;
                    PRAGMA trusted_schema = OFF;
                    """)
        }
        return try opening(path) { try DatabaseQueue(path: path, configuration: configuration) }
    }

    /// Connections that only read.
    static func openReaders(path: String) throws(ReadModelError) -> DatabasePool {
        try opening(path) { try DatabasePool(path: path, configuration: readingConfiguration(label: "models.read")) }
    }

    /// A connection of its own, for an answer as of an earlier cut: it has temporary tables.
    static func openSession(path: String) throws(ReadModelError) -> DatabaseQueue {
        try opening(path) { try DatabaseQueue(path: path, configuration: readingConfiguration(label: "models.asof")) }
    }

    private static func readingConfiguration(label: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = label
        configuration.readonly = true
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            Self.withoutAuthorizer(db)
            try db.execute(sql: "PRAGMA mmap_size = 0; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY")
        }
        return configuration
    }

    /// GRDB watches which columns each statement reads, to tell observers of changes. There are none here, and for
    /// statements as wide as the models' this took nine tenths of the time to prepare them.
    private static func withoutAuthorizer(_ db: Database) {
        _ = sqlite3_set_authorizer(db.sqliteConnection, nil, nil)
    }

    private static func opening<T>(_ path: String, _ body: () throws -> T) throws(ReadModelError) -> T {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw .unusable(path: path, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        } catch {
            throw .unusable(path: path, reason: "\(error)")
        }
    }
}

extension Database {
    /// The connection, for statements of our own.
    func connection() throws(ReadModelError) -> SQLConnection {
        guard let handle = sqliteConnection else {
            throw .failed(what: "Using the read models", reason: "they are closed")
        }
        return SQLConnection(handle)
    }
}
