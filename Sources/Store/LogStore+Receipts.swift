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
    /// Each names the root at its size, so that it is about one history. What was stated before in the same words stays
    /// as it is, byte for byte.
    public func state(_ statements: [(branch: BranchName?, statement: CountedStatement)]) throws {
        guard !statements.isEmpty else { return }
        let signing = try NoteSigner(name: signer.cosignerName, key: signer.key)
        try database.write { db in
            var change: Int64?
            for (branch, statement) in statements {
                guard let descent = try Descent.one(db, statement.log, branch), let id = descent.state.id,
                    statement.size <= descent.size
                else { continue }
                var exact = statement
                exact.root = try descent.root(db, size: statement.size)
                let text = exact.text
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
    public func wholeCounts(models: String) throws -> [HeadName: Int64] {
        try database.read { db in
            var sizes: [HeadName: Int64] = [:]
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT coalesce(main, name) AS log, log.size, log.root, fork, leaf, receipt.size AS counted, receipt.note AS statement
                    FROM receipt JOIN log ON log.id = receipt.log
                    WHERE holder = ? AND kind = 'counted'
                    """,
                arguments: [self.signer.node.description])
            while let row = try rows.next() {
                guard let statement = Self.counted(row["statement"]), statement.models == models,
                    statement.root != nil, statement.exceptions.isEmpty
                else { continue }
                sizes[try Self.head(row).name] = row["counted"]
            }
            return sizes
        }
    }

    private static func counted(_ note: String) -> CountedStatement? {
        (try? SignedNote(parsing: note)).flatMap { CountedStatement(text: $0.text) }
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

    /// What is stated about one log's line of descent that was met first, by holder.
    public func receipts(of log: LogName) throws -> [Receipt] {
        try database.read { db in
            try Self.receipts(db, sql: "WHERE log.name = ?", arguments: [log.description])
        }
    }

    /// As `receipts(atOrBelow:)`, each with the history that it is about.
    public func statements(atOrBelow region: RegionCode) throws -> [(head: HeadName, receipt: Receipt)] {
        try database.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT coalesce(main, name) AS log, log.size, log.root, fork, leaf, holder, kind,
                        receipt.size AS stated, receipt.note AS statement
                    FROM receipt JOIN log ON log.id = receipt.log WHERE log.audience <> 'local'
                    """)
            return try rows.compactMap { row in
                let head = try Self.head(row).name
                guard let kind = Receipt.Kind(rawValue: row["kind"]), case .region(let audience) = head.log.audience,
                    audience.isAtOrBelow(region)
                else { return nil }
                return (
                    head,
                    Receipt(
                        kind: kind, log: head.log, holder: try NodeName(row["holder"]), size: row["stated"],
                        note: row["statement"])
                )
            }
        }
    }

    public func save(_ receipt: Receipt) throws -> Bool { try save(receipt, newerOnly: false) }

    /// - Parameter newerOnly: pass over what states less than is known, as what comes slowly does.
    public func save(_ receipt: Receipt, newerOnly: Bool) throws -> Bool {
        let saved: Saved = try database.write { db in
            let all = try Descent.all(db, receipt.log)
            guard !all.isEmpty else { return .known }
            guard try Self.isAuthentic(db, receipt) else {
                throw FrameError(.badSignature, "a receipt of \(receipt.holder) for \(receipt.log) does not verify")
            }
            let subject: Descent
            switch try Self.subject(db, receipt, among: all) {
            case .history(let descent): subject = descent
            case .later: return .known
            case .foreign(let fork): return .forked(fork)
            }
            guard let id = subject.state.id else { return .known }
            let held = try Int64.fetchOne(
                db, sql: "SELECT size FROM receipt WHERE log = ? AND holder = ? AND kind = ?",
                arguments: [id, receipt.holder.description, receipt.kind.rawValue])
            if let held, held > receipt.size {
                // Of lines that several histories have in common: it may be what is left of another of them, and says
                // nothing that the larger one does not. Two parties would else hand both back and forth for ever.
                if try newerOnly || Self.isShared(db, receipt, among: all) { return .known }
                try Self.raiseAlarm(
                    db, kind: "receipt-went-back", log: receipt.log.description,
                    detail: "\(receipt.holder) stated \(held) lines of \(receipt.log) before and \(receipt.size) now; "
                        + "it was probably restored from a backup and is being refilled.")
            }
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

    /// What a receipt is about.
    private enum Subject {
        case history(Descent)
        /// More lines than are here: nothing tells yet whether they continue these. It comes again with the lines.
        case later
        /// Another history, with what an operator is told.
        case foreign(String)
    }

    private static func subject(_ db: Database, _ receipt: Receipt, among all: [Descent]) throws -> Subject {
        guard let root = stated(receipt) else { return .history(all[0]) }
        let row = TableRow(log: receipt.log, size: receipt.size, root: root)
        if let descent = try all.first(where: { try $0.holds(db, row) }) { return .history(descent) }
        guard all.allSatisfy({ receipt.size <= $0.size }) else { return .later }
        let detail =
            "\(receipt.holder) holds another history of \(receipt.log): its first \(receipt.size) lines are not those "
            + "here. It is fetched, kept and counted; find out whether a disk was copied or restored."
        try raiseAlarm(db, kind: "fork", log: receipt.log.description, detail: detail)
        return .foreign(detail)
    }

    private static func isShared(_ db: Database, _ receipt: Receipt, among all: [Descent]) throws -> Bool {
        guard all.count > 1, let root = stated(receipt) else { return false }
        let row = TableRow(log: receipt.log, size: receipt.size, root: root)
        return try all.filter { try $0.holds(db, row) }.count > 1
    }

    /// The root that a receipt states at its size; a count of an earlier version names none.
    private static func stated(_ receipt: Receipt) -> Hash? {
        switch receipt.kind {
        case .held: receipt.heldRoot
        case .counted: counted(receipt.note)?.root
        }
    }

    static func receipts(_ db: Database, sql: String, arguments: StatementArguments) throws -> [Receipt] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT coalesce(log.main, log.name) AS name, receipt.holder, receipt.kind, receipt.size, receipt.note
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
                VALUES (?, ?, ?, ?, ?, moment(), ?)
                ON CONFLICT DO UPDATE SET size = excluded.size, note = excluded.note, received = excluded.received,
                    changed = excluded.changed
                """
        ).execute(arguments: [
            logID, receipt.holder.description, receipt.kind.rawValue, receipt.size, receipt.note, change,
        ])
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
