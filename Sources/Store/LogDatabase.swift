import Event
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Opens `log.db` so that what is confirmed survives power loss, and runs its transactions.
final class LogDatabase: Sendable {
    let path: String
    private let pool: DatabasePool
    private let lock: ProcessLock
    /// Why the file is not written any more: after a failed write or sync nobody knows what is on the disk until it
    /// is read back, which opening it again does.
    private let halted = Mutex<String?>(nil)

    /// - Parameter now: the node's clock, by which statements say when something happened.
    /// - Throws: `StoreError` naming the path and what to do.
    init(folder: String, now: @escaping @Sendable () -> Date = { Date() }) throws {
        path = folder + "/log.db"
        try Self.refuseUnsafeFolder(folder)
        lock = try ProcessLock(path: folder + "/log.lock")
        var configuration = Configuration()
        configuration.label = "log"
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { db in
            // Pages that each frame touches again, such as the log's row, are copied into the database once in 16 MiB
            // of write-ahead log, not once in 4: a third of the cost of receiving small frames. What is deleted is
            // overwritten: a wrapped key of an erased person must not stay in a free page.
            try db.execute(
                sql: """
                    PRAGMA mmap_size = 0; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;
                    PRAGMA wal_autocheckpoint = 4096; PRAGMA secure_delete = ON
                    """)
            db.add(
                function: DatabaseFunction("moment", argumentCount: 0) { _ in
                    let moment = DateTime(milliseconds: Int64(now().timeIntervalSince1970) * 1_000, offsetMinutes: 0)
                    return "\(moment.description.prefix(19))Z"
                })
        }
        do {
            let path = self.path
            pool = try lock.withLock {
                try Self.refuseNewer(path)
                return try DatabasePool(path: path, configuration: configuration)
            }
        } catch let error as DatabaseError {
            throw StoreError.unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        }
        try lock.withLock {
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL by itself, which loses the last commits on power loss in WAL mode.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                guard try Int.fetchOne(db, sql: "PRAGMA synchronous") == 2 else {
                    throw StoreError.unusable(path: path, reason: "SQLite did not accept synchronous=FULL")
                }
                try self.migrate(db)
            }
        }
    }

    func write<T>(_ body: (Database) throws -> T) throws -> T {
        if let reason = halted.withLock({ $0 }) { throw StoreError.writeFailed(path: path, reason: reason) }
        do {
            return try lock.withLock {
                try pool.write { db in
                    let result = try body(db)
                    CrashPoint.insideTransaction.reach()
                    return result
                }
            }
        } catch let error as DatabaseError {
            let translated = translated(error)
            if case StoreError.writeFailed(_, let reason) = translated { halted.withLock { $0 = reason } }
            throw translated
        }
    }

    func read<T>(_ body: (Database) throws -> T) throws -> T {
        do {
            return try pool.read(body)
        } catch let error as DatabaseError {
            throw translated(error)
        }
    }

    /// `VACUUM INTO` while no other writer is in: the copy is of one moment, whole and without free pages.
    func copy(to path: String) throws {
        do {
            try lock.withLock {
                try pool.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO ?", arguments: [path]) }
            }
        } catch let error as DatabaseError {
            throw StoreError.unusable(path: path, reason: error.message ?? "\(error.resultCode)")
        }
    }

    /// Gives cached pages back; they are read again when needed.
    func releaseMemory() { pool.releaseMemory() }

    /// Copies the write-ahead log back and empties it, so that no deleted page is left in it.
    ///
    /// - Returns: false while another process still reads an older state; to be tried again.
    func truncateWriteAheadLog() throws -> Bool {
        try lock.withLock {
            try pool.writeWithoutTransaction { db in
                try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)").map { ($0[0] as Int) == 0 } ?? false
            }
        }
    }

    func close() throws { try lock.withLock { try pool.close() } }

    /// Looks at an existing file before a pool is opened on it, which writes; makes a new one for its user alone, as
    /// the files beside it get its permissions.
    private static func refuseNewer(_ path: String) throws {
        guard makePrivate(path) == false else { return }
        var configuration = Configuration()
        configuration.readonly = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let found = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
        try queue.close()
        guard found <= Schema.version else {
            throw StoreError.newerSchema(path: path, found: found, known: Schema.version)
        }
    }

    /// Makes an empty file that only its user may read. False when there is one already.
    static func makePrivate(_ path: String) -> Bool {
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        Glibc.close(descriptor)
        return true
    }

    private func migrate(_ db: Database) throws {
        let found = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard found < Schema.version else { return }
        try db.inTransaction {
            if found == 0 {
                try db.execute(sql: Schema.statements)
                try db.execute(
                    sql: "INSERT INTO counter (name, value, text) VALUES ('changes', 0, NULL), ('store', 0, ?)",
                    arguments: [UUID().uuidString.lowercased()])
            } else {
                if found < 3 { try db.execute(sql: Schema.branches) }
                // Before lines are read again: an order among them looks into it.
                if found < 4 { try db.execute(sql: Schema.early) }
                if found < 5 { try db.execute(sql: Schema.handover) }
                if found < 2 {
                    try db.execute(sql: Schema.privacy)
                    try LogStore.indexStoredPrivacyLines(db)
                }
            }
            try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
            return .commit
        }
    }

    private func translated(_ error: DatabaseError) -> any Error {
        switch error.resultCode {
        case .SQLITE_FULL: StoreError.diskFull(path: path)
        case .SQLITE_IOERR, .SQLITE_READONLY, .SQLITE_CORRUPT, .SQLITE_NOTADB:
            StoreError.writeFailed(path: path, reason: error.message ?? "\(error.resultCode)")
        case .SQLITE_BUSY, .SQLITE_LOCKED: StoreError.busy(path: path, seconds: 30)
        default: error
        }
    }

    /// Data of victims: a folder that others can read, or that lives on a file system without real locks and
    /// syncs, is refused.
    private static func refuseUnsafeFolder(_ folder: String) throws(StoreError) {
        var info = stat()
        guard stat(folder, &info) == 0 else {
            throw .unusable(path: folder, reason: "\(String(cString: strerror(errno))). Run `simpul init` first.")
        }
        guard info.st_mode & 0o077 == 0 else {
            throw .unusable(
                path: folder, reason: "other users of this machine may read it. Run: chmod 700 '\(folder)'")
        }
        if let kind = fileSystem(of: folder), unsafeFileSystems.contains(kind) {
            throw .unusable(
                path: folder,
                reason: "it is on a \(kind) volume, which loses data. Choose a folder on the laptop's own disk.")
        }
    }

    private static let unsafeFileSystems: Set<String> = ["nfs", "nfs4", "cifs", "smb3", "vfat", "msdos", "exfat", "9p"]

    /// Type of the file system that holds `folder`, from the kernel's table of mounts (proc(5)).
    private static func fileSystem(of folder: String) -> String? {
        guard let path = realpath(folder, nil) else { return nil }
        defer { free(path) }
        let real = String(cString: path)
        guard let table = try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8) else { return nil }
        var best: (mount: String, kind: String)?
        for line in table.split(separator: "\n") {
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count >= 3 else { continue }
            let mount = fields[1].replacingOccurrences(of: "\\040", with: " ")
            let inside = mount == "/" || real == mount || real.hasPrefix(mount + "/")
            if inside, mount.utf8.count >= best?.mount.utf8.count ?? 0 { best = (mount, fields[2]) }
        }
        return best?.kind
    }
}
