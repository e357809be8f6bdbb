import Event
import Foundation
import GRDB
import TransparencyLog

/// Finds the few lines that say what may be done with a person's data: registration, consent, withdrawal, requests, and
/// corrections or retractions of these. Recording and reading ask for them each time, so they have an index.
extension LogStore {
    static let types: Set<String> = [
        "person.registered", "person.moved", "privacy.consent_granted", "privacy.consent_withdrawn",
        "privacy.request_received", "privacy.request_fulfilled", "privacy.erasure_ordered",
        "privacy.erasure_confirmed", "record.corrected", "record.retracted",
    ]

    /// Lines about a person's data, with where they stand, in no particular order; those handed on from another village
    /// with where they stand there.
    public func privacyLines(about subject: String) throws -> [(log: LogName, sequence: Int64, bytes: [UInt8])] {
        try database.read { db in
            let rows = try Row.fetchAll(
                db.cachedStatement(
                    sql: """
                        SELECT coalesce(log.main, log.name) AS name, line.id AS id, line.bytes AS bytes
                        FROM privacyLine
                        JOIN line ON line.id = privacyLine.line JOIN log ON log.id = line.id >> \(LogState.sequenceBits)
                        WHERE privacyLine.subject = ?
                        """),
                arguments: [subject])
            let early = try Row.fetchAll(
                db.cachedStatement(sql: "SELECT log, sequence, bytes FROM early WHERE subject = ?"),
                arguments: [subject])
            return try rows.map { row in
                let id: Int64 = row["id"]
                let bytes: Data = row["bytes"]
                if let forwarded = ForwardedLine(carrier: [UInt8](bytes)) {
                    return (forwarded.log, forwarded.sequence, forwarded.bytes)
                }
                return (try LogName(row["name"]), id & (1 << LogState.sequenceBits - 1), [UInt8](bytes))
            }
                + early.compactMap { row in
                    let bytes: Data = row["bytes"]
                    guard let line = try? EventLine(parsing: [UInt8](bytes)), Self.types.contains(line.type) else {
                        return nil
                    }
                    return (try LogName(row["log"]), row["sequence"], [UInt8](bytes))
                }
        }
    }

    static func notePrivacy(_ db: Database, _ line: EventLine, at id: Int64) throws {
        guard types.contains(line.type) else { return }
        try db.cachedStatement(sql: "INSERT INTO privacyLine (subject, line) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .execute(arguments: [line.subject, id])
    }

    /// For a file of version 1: it may hold such lines of newer nodes, which it passed on without knowing them.
    static func indexStoredPrivacyLines(_ db: Database) throws {
        let cursor = try Row.fetchCursor(
            db,
            sql: """
                SELECT coalesce(log.main, log.name) AS name, line.id AS id, line.bytes AS bytes FROM line
                JOIN log ON log.id = line.id >> \(LogState.sequenceBits)
                WHERE log.audience <> 'local' ORDER BY line.id
                """)
        while let row = try cursor.next() {
            let bytes: Data = row["bytes"]
            guard let line = try? EventLine(parsing: [UInt8](bytes)), types.contains(line.type) else { continue }
            let log = try LogName(row["name"])
            let id: Int64 = row["id"]
            let reference = try LineReference(
                log: log, sequence: id & (1 << LogState.sequenceBits - 1), leafHash: leafHash(of: [UInt8](bytes)))
            try notePrivacy(db, line, at: id)
            guard line.type == ErasureOrder.type,
                let author = try enrolment(db, node: log.node, epoch: log.epoch)?.enrolment
            else { continue }
            for order in ErasureOrder.all(in: line, reference: reference, by: author) { try obey(db, order) }
        }
    }
}
