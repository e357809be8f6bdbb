import Crypto
import Event
import Foundation
import GRDB
import Sync
import TransparencyLog

extension LogStore {
    /// This node's statement that it durably holds `state`'s log up to its size, stored in the caller's transaction.
    func heldReceipt(_ db: Database, _ state: LogState, change: Int64) throws -> Receipt? {
        guard let id = state.id else { return nil }
        let signer = self.signer
        let statement = try db.cachedStatement(
            sql: "SELECT size, note FROM receipt WHERE log = ? AND holder = ? AND kind = 'held'")
        if let row = try Row.fetchOne(statement, arguments: [id, signer.node.description]), row["size"] == state.size {
            return Receipt(kind: .held, log: state.name, holder: signer.node, size: state.size, note: row["note"])
        }
        let checkpoint = Checkpoint(origin: state.name.origin, size: state.size, root: state.edge.root)
        let cosignature = try NoteSigner(name: signer.cosignerName, key: signer.key)
            .cosign(checkpoint.text, time: UInt64(max(0, Date().timeIntervalSince1970)))
        let note = SignedNote(text: checkpoint.text, signatures: [cosignature]).description
        let receipt = Receipt(kind: .held, log: state.name, holder: signer.node, size: state.size, note: note)
        try Self.write(db, receipt, logID: id, change: change)
        return receipt
    }

    /// Signs and stores this node's statements of what its read models have taken in, in one transaction.
    ///
    /// What it stated before in the same words stays as it is, byte for byte.
    public func state(_ statements: [CountedStatement]) throws {
        guard !statements.isEmpty else { return }
        let signing = try NoteSigner(name: signer.cosignerName, key: signer.key)
        try database.write { db in
            var change: Int64?
            for statement in statements {
                guard let id = try Self.logID(db, statement.log) else { continue }
                let text = statement.text
                let stated = try String.fetchOne(
                    db.cachedStatement(
                        sql: "SELECT note FROM receipt WHERE log = ? AND holder = ? AND kind = 'counted'"),
                    arguments: [id, self.signer.node.description])
                if let stated, stated.hasPrefix(text + "\n") { continue }
                let number = try change ?? Self.nextChange(db)
                change = number
                let receipt = Receipt(
                    kind: .counted, log: statement.log, holder: self.signer.node, size: statement.size,
                    note: try signing.note(text).description)
                try Self.write(db, receipt, logID: id, change: number)
            }
        }
    }

    /// Sizes up to which this node stated logs as counted by `models` without exceptions.
    public func wholeCounts(models: String) throws -> [LogName: Int64] {
        try database.read { db in
            var sizes: [LogName: Int64] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT log.name, receipt.size, receipt.note FROM receipt JOIN log ON log.id = receipt.log
                    WHERE holder = ? AND kind = 'counted'
                    """,
                arguments: [self.signer.node.description])
            while let row = try rows.next() {
                let note: String = row["note"]
                guard note.contains("\n\(models)\n\n") else { continue }
                sizes[try LogName(row["name"])] = row["size"]
            }
            return sizes
        }
    }

    public func receipts(atOrBelow region: RegionCode, changedSince: Int64? = nil) throws -> [Receipt] {
        try database.read { db in
            try Self.receipts(
                db, sql: "WHERE log.audience <> 'local' AND receipt.changed > ?", arguments: [changedSince ?? -1]
            ).filter {
                guard case .region(let audience) = $0.log.audience else { return false }
                return audience.isAtOrBelow(region)
            }
        }
    }

    /// What is stated about one log, by holder.
    public func receipts(of log: LogName) throws -> [Receipt] {
        try database.read { db in
            try Self.receipts(db, sql: "WHERE log.name = ?", arguments: [log.description])
        }
    }

    public func save(_ receipt: Receipt) throws -> Bool {
        let saved: Saved = try database.write { db in
            guard let id = try Self.logID(db, receipt.log) else { return .known }
            let held = try Int64.fetchOne(
                db, sql: "SELECT size FROM receipt WHERE log = ? AND holder = ? AND kind = ?",
                arguments: [id, receipt.holder.description, receipt.kind.rawValue])
            if let held, held > receipt.size {
                try Self.raiseAlarm(
                    db, kind: "receipt-went-back", log: receipt.log.description,
                    detail: "\(receipt.holder) stated \(held) lines of \(receipt.log) before and \(receipt.size) now; "
                        + "it was probably restored from a backup and is being refilled.")
            }
            guard try Self.isAuthentic(db, receipt) else {
                throw FrameError(.badSignature, "a receipt of \(receipt.holder) for \(receipt.log) does not verify")
            }
            if let fork = try Self.foreignRoot(db, receipt, logID: id) { return .forked(fork) }
            try Self.write(db, receipt, logID: id, change: try Self.nextChange(db))
            return held == receipt.size ? .known : .new
        }
        switch saved {
        case .new: return true
        case .known: return false
        case .forked(let fork):
            throw FrameError(.rootMismatch, fork)
        }
    }

    private enum Saved {
        case new, known
        case forked(String)
    }

    static func receipts(_ db: Database, sql: String, arguments: StatementArguments) throws -> [Receipt] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT log.name, receipt.holder, receipt.kind, receipt.size, receipt.note
                FROM receipt JOIN log ON log.id = receipt.log \(sql) ORDER BY log.name, holder, kind
                """,
            arguments: arguments
        ).compactMap { row in
            guard let kind = Receipt.Kind(rawValue: row["kind"]) else { return nil }
            return Receipt(
                kind: kind, log: try LogName(row["name"]), holder: try NodeName(row["holder"]), size: row["size"],
                note: row["note"])
        }
    }

    private static func write(_ db: Database, _ receipt: Receipt, logID: Int64, change: Int64) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO receipt (log, holder, kind, size, note, received, changed)
                VALUES (?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?)
                ON CONFLICT DO UPDATE SET size = excluded.size, note = excluded.note, received = excluded.received,
                    changed = excluded.changed
                """
        ).execute(arguments: [
            logID, receipt.holder.description, receipt.kind.rawValue, receipt.size, receipt.note, change,
        ])
    }

    /// A holder that cosigned another root than ours holds another history: that is a fork, not a receipt.
    ///
    /// - Returns: what an operator is told, after the alarm was raised.
    private static func foreignRoot(_ db: Database, _ receipt: Receipt, logID: Int64) throws -> String? {
        guard receipt.kind == .held, let note = try? SignedNote(parsing: receipt.note),
            let claimed = try? Checkpoint(parsing: note.text)
        else { return nil }
        let held = try Int64.fetchOne(db, sql: "SELECT size FROM log WHERE id = ?", arguments: [logID]) ?? 0
        guard claimed.size <= held else { return nil }
        let stored = try Data.fetchOne(
            db, sql: "SELECT root FROM checkpoint WHERE log = ? AND size = ?", arguments: [logID, claimed.size])
        let root = try stored.flatMap { Hash([UInt8]($0)) } ?? edge(db, id: logID, size: claimed.size).root
        guard root != claimed.root else { return nil }
        let detail =
            "\(receipt.holder) holds another history of \(receipt.log): its first \(claimed.size) lines are not those "
            + "here. Both are kept; find out whether a disk was copied or restored."
        try raiseAlarm(db, kind: "fork", log: receipt.log.description, detail: detail)
        return detail
    }

    /// Whether one of the holder's known keys signed the receipt, and it says what it is taken for.
    static func isAuthentic(_ db: Database, _ receipt: Receipt) throws -> Bool {
        guard let note = try? SignedNote(parsing: receipt.note) else { return false }
        let says: Bool
        switch receipt.kind {
        case .held:
            guard let checkpoint = try? Checkpoint(parsing: note.text) else { return false }
            says = checkpoint.origin == receipt.log.origin && checkpoint.size == receipt.size
        case .counted:
            guard let counted = CountedStatement(text: note.text) else { return false }
            says = counted.log == receipt.log && counted.size == receipt.size
        }
        guard says else { return false }
        let keys = try Row.fetchAll(
            db, sql: "SELECT epoch, region, sign FROM enrolment WHERE node = ?",
            arguments: [receipt.holder.description])
        // Also a log from above: a child that is ahead of its server hands back what the server lacks.
        for row in keys where receipt.log.inScope(of: try RegionCode(row["region"])) {
            let sign: Data = row["sign"]
            let name = "simpul/\(receipt.holder)/\(row["epoch"] as String)"
            guard let verifier = try? NoteVerifier(name: name, publicKey: [UInt8](sign)) else { continue }
            switch receipt.kind {
            case .held: if verifier.verifyCosignature(note) != nil { return true }
            case .counted: if verifier.verify(note) { return true }
            }
        }
        return false
    }
}
