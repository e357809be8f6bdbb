import Event
import Foundation
import GRDB
import TransparencyLog

/// The logs a node holds: its own and those it received, with what proves them.
///
/// All calls block on the disk: keep them off the cooperative thread pool.
///
/// What must stay true (`docs/architecture.md`, invariants 1–4): a call that returned has made durable what it
/// says; every stored line sits under a verified checkpoint; per log the lines are a gapless prefix.
public final class LogStore: Sendable {
    public let folder: String
    let database: LogDatabase
    /// What this node signs its own lines, its intake log and its receipts with.
    public let signer: Signer
    let intakeLog: LogName
    let authors = KnownAuthors()
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - folder: the node's private folder; `log.db` is made in it when missing.
    ///   - now: the node's clock: what is told to an operator says when, and whose clock is ahead of it.
    public init(folder: String, signer: Signer, now: @escaping @Sendable () -> Date = { Date() }) throws {
        self.folder = folder
        self.signer = signer
        self.now = now
        intakeLog = signer.log(.local, lane: .intake)
        database = try LogDatabase(folder: folder, now: now)
        try takeOverIntake()
    }

    /// Makes an empty file of logs where there is none.
    public static func prepare(folder: String) throws { try LogDatabase(folder: folder).close() }

    /// Gives back what is only kept to be faster: for a program that now waits for hours.
    public func releaseMemory() { database.releaseMemory() }

    /// Closes the database; further calls fail.
    public func close() throws { try database.close() }

    /// Advances the change counter inside a write transaction.
    static func nextChange(_ db: Database) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: "UPDATE counter SET value = value + 1 WHERE name = 'changes' RETURNING value")
        guard let value = try Int64.fetchOne(statement) else {
            throw StoreError.invalid("the change counter is missing")
        }
        return value
    }
}
