import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

extension LogStore {
    /// Recomputes every log from its lines and compares roots, checkpoints, receipts and the intake log with them.
    ///
    /// One read transaction: a node that keeps recording meanwhile does not disturb it.
    ///
    /// - Parameter progress: called with each log's name and its number of lines before it is read.
    public func audit(progress: (String, Int64) -> Void = { _, _ in }) throws -> AuditReport {
        try database.read { db in try Self.audit(db, intakeLog: intakeLog, progress: progress) }
    }

    private static func audit(
        _ db: Database, intakeLog: LogName?, progress: (String, Int64) -> Void
    ) throws -> AuditReport {
        var report = AuditReport()
        report.damage = try String.fetchAll(db, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT id, name, size, root, edge, note, noteSize, proof, main, fork FROM log WHERE size > 0
                ORDER BY name
                """)
        for row in rows {
            let text: String = row["main"] ?? row["name"]
            progress(text, row["size"])
            guard let name = try? LogName(text) else {
                report.findings.append(AuditFinding(log: text, fault: .unknownAuthor))
                continue
            }
            try audit(db, row: row, name: name, into: &report)
        }
        if let intakeLog { try auditIntake(db, intakeLog, rows: rows, into: &report) }
        return report
    }

    /// The same of a file that no program uses: a backup. Nothing beside it is left behind.
    public static func auditCopy(folder: String) throws -> AuditReport {
        let database = try LogDatabase(folder: folder)
        defer {
            for file in ["log.lock", "log.lock.queue", "log.db-wal", "log.db-shm"] { unlink(folder + "/" + file) }
        }
        let report = try database.read { db in
            // Of the intake logs the newest is its own: the one that names most runs.
            let name = try String.fetchOne(
                db,
                sql: """
                    SELECT name FROM log WHERE audience = 'local' AND lane = 'intake' ORDER BY size DESC, id DESC LIMIT 1
                    """)
            return try audit(db, intakeLog: try name.map { try LogName($0) }) { _, _ in }
        }
        try database.close()
        return report
    }

    private static func audit(_ db: Database, row: Row, name: LogName, into report: inout AuditReport) throws {
        let author = try Self.enrolment(db, node: name.node, epoch: name.epoch)?.enrolment
        var audit = LogAudit(row: row, name: name, author: author)
        let receipts = try Self.receipts(db, sql: "WHERE log.id = ?", arguments: [audit.id])
        try audit.run(db, rootsAt: Set(receipts.map(\.size)))
        report.logs += 1
        report.lines += audit.size
        report.checkpoints += audit.checkpoints
        report.findings += audit.findings
        for receipt in receipts {
            report.receipts += 1
            let isGood = try Self.isAuthentic(db, receipt) && Self.fits(receipt, audit.roots[receipt.size])
            guard !isGood else { continue }
            report.findings.append(
                AuditFinding(
                    log: name.description,
                    fault: .badReceipt(holder: receipt.holder.description, kind: receipt.kind.rawValue)))
        }
    }

    /// Whether a receipt's root is the recomputed one. One of more lines than are here says nothing about these.
    private static func fits(_ receipt: Receipt, _ root: Hash?) -> Bool {
        guard receipt.kind == .held, let root else { return true }
        guard let note = try? SignedNote(parsing: receipt.note) else { return false }
        return (try? Checkpoint(parsing: note.text))?.root == root
    }

    // MARK: - Intake

    /// Each line must be named by the intake log, once and in order: what the read models count is made of that.
    private static func auditIntake(
        _ db: Database, _ intakeLog: LogName, rows: [Row], into report: inout AuditReport
    ) throws {
        guard let id = try logID(db, intakeLog) else { return }
        var accepted: [String: Int64] = [:]
        let cursor = try Row.fetchCursor(
            db, sql: "SELECT bytes FROM line WHERE id >= ? AND id < ? ORDER BY id",
            arguments: [LogState.lineID(id, 0), LogState.lineID(id + 1, 0)])
        while let row = try cursor.next() {
            let bytes: Data = row["bytes"]
            guard let data = try? JSON.parse(bytes)["data"], let log = data["log"]?.stringValue,
                let first = data["first"]?.intValue, let last = data["last"]?.intValue, first <= last,
                // Ahead of its log, which names it again.
                data["early"] == nil
            else { continue }
            var key = log
            var start: Int64 = 0
            if let branch = data["branch"], let fork = branch["fork"]?.intValue, let leaf = branch["leaf"]?.stringValue
            {
                key += "~\(fork):\(leaf)"
                start = fork
            }
            // A line that was handed on before its log came is in two runs.
            let reached = accepted[key, default: start]
            if first <= reached { accepted[key] = max(reached, last + 1) }
        }
        for row in rows {
            let name: String = row["name"]
            let reached = accepted[name] ?? 0
            guard name != intakeLog.description, !name.contains("/local:intake/"), reached != row["size"] else {
                continue
            }
            report.findings.append(AuditFinding(log: name, fault: .notInIntake(from: reached)))
        }
    }
}
