import Event
import Foundation
import GRDB
import TransparencyLog

extension LogStore {
    /// Trusts a key from the start: this node's own, its parent's and the root's, from the invitation.
    public func trust(_ enrolment: Enrolment) throws {
        try database.write { db in
            try Self.save(db, enrolment, enroller: "invitation", reference: "invitation")
        }
    }

    public func enrolment(node: NodeName, epoch: Epoch) throws -> KnownEnrolment? {
        try database.read { db in try Self.enrolment(db, node: node, epoch: epoch) }
    }

    /// All enrolments at or below `region`, by node name.
    public func enrolments(atOrBelow region: RegionCode) throws -> [KnownEnrolment] {
        try enrolments().filter { $0.enrolment.region.isAtOrBelow(region) }
    }

    public func enrolments() throws -> [KnownEnrolment] {
        try database.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM enrolment ORDER BY node, epoch").map(Self.known)
        }
    }

    static func enrolment(_ db: Database, node: NodeName, epoch: Epoch) throws -> KnownEnrolment? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM enrolment WHERE node = ? AND epoch = ?")
        return try Row.fetchOne(statement, arguments: [node.description, epoch.description]).map(known)
    }

    private static func known(_ row: Row) throws -> KnownEnrolment {
        guard let role = Enrolment.Role(rawValue: row["role"]) else {
            throw StoreError.invalid("the stored enrolment of \(row["node"] as String) has an unknown role")
        }
        return KnownEnrolment(
            enrolment: Enrolment(
                node: try NodeName(row["node"]), epoch: try Epoch(row["epoch"]),
                region: try RegionCode(row["region"]), edition: row["edition"], role: role, sign: row["sign"],
                wrap: row["wrap"]),
            reference: row["reference"], revoked: row["revoked"])
    }

    /// The first statement about a key stands: a later line cannot rebind a node's epoch to another key.
    static func save(_ db: Database, _ enrolment: Enrolment, enroller: String, reference: String) throws {
        try db.execute(
            sql: """
                INSERT INTO enrolment (node, epoch, region, edition, role, sign, wrap, enroller, reference)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
                """,
            arguments: [
                enrolment.node.description, enrolment.epoch.description, enrolment.region.description,
                enrolment.edition, enrolment.role.rawValue, enrolment.sign, enrolment.wrap, enroller, reference,
            ])
        try applyRevocations(db, node: enrolment.node, epoch: enrolment.epoch)
    }

    /// Takes the lines that the store itself obeys into its tables, in the transaction that stores them: enrolments
    /// and revocations into the table of keys, erasure orders, and what is said about persons' data.
    ///
    /// - Parameter id: the row under which the lines stand, of the log or of a branch.
    ///
    /// A line that cannot be read, or whose author may not say so, changes nothing here; it stays in its log and
    /// the read models park it visibly.
    func applyControlLines(
        _ db: Database, log: LogName, id: Int64, author: Enrolment, first: Int64,
        lines: some Collection<ArraySlice<UInt8>>, change: Int64
    ) throws {
        guard log.lane != .intake else { return }
        for (offset, bytes) in lines.enumerated() where Self.mentionsControlType(bytes) {
            guard let line = try? EventLine(parsing: Array(bytes)) else { continue }
            let reference = try LineReference(
                log: log, sequence: first + Int64(offset), leafHash: Self.leaf(bytes).bytes)
            try Self.notePrivacy(db, line, at: LogState.lineID(id, reference.sequence))
            for order in ErasureOrder.all(in: line, reference: reference, by: author) {
                try Self.obey(db, order)
            }
            try noteHandover(
                db, line, at: LogState.lineID(id, reference.sequence), in: log, author: author, change: change)
            guard author.role != .village else { continue }
            switch line.type {
            case "node.enrolled":
                guard let enrolment = try? Enrolment(json: line.data),
                    enrolment.region.isAtOrBelow(author.region),
                    try Self.mayEnrol(db, enrolment, author: author)
                else { continue }
                try Self.save(db, enrolment, enroller: log.node.description, reference: reference.description)
            case "node.revoked":
                try Self.revoke(db, line.data, by: author)
            default: continue
            }
        }
    }

    private static func revoke(_ db: Database, _ data: JSON, by author: Enrolment) throws {
        guard let node = data["node"]?.stringValue.flatMap({ try? NodeName($0) }),
            let epoch = data["epoch"]?.stringValue.flatMap({ try? Epoch($0) }), let at = data["at"]?.stringValue
        else { return }
        try db.execute(
            sql: """
                INSERT INTO revocation (node, epoch, region, at) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET at = min(at, excluded.at)
                """,
            arguments: [node.description, epoch.description, author.region.description, at])
        try applyRevocations(db, node: node, epoch: epoch)
    }

    /// A revocation counts when its author's region contains the node's.
    private static func applyRevocations(_ db: Database, node: NodeName, epoch: Epoch) throws {
        guard let known = try enrolment(db, node: node, epoch: epoch) else { return }
        let said = try Row.fetchAll(
            db, sql: "SELECT region, at FROM revocation WHERE node = ? AND epoch = ?",
            arguments: [node.description, epoch.description])
        let at = try said.filter { known.enrolment.region.isAtOrBelow(try RegionCode($0["region"])) }
            .map { $0["at"] as String }.min()
        guard let at, at != known.revoked else { return }
        try db.execute(
            sql: "UPDATE enrolment SET revoked = ? WHERE node = ? AND epoch = ?",
            arguments: [at, node.description, epoch.description])
    }

    /// A name of a node above the author is not the author's to give: a hub must not be able to sign receipts as the
    /// centre. Elsewhere two nodes may have one name; their epochs tell them apart.
    private static func mayEnrol(_ db: Database, _ enrolment: Enrolment, author: Enrolment) throws -> Bool {
        let regions = try String.fetchAll(
            db, sql: "SELECT region FROM enrolment WHERE node = ?", arguments: [enrolment.node.description])
        let isAbove = try regions.map { try RegionCode($0) }.contains {
            author.region.isAtOrBelow($0) && $0 != author.region
        }
        guard !isAbove else {
            try raiseAlarm(
                db, kind: "foreign-name", log: enrolment.node.description,
                detail: "\(author.node) enrolled \(enrolment.node), a name of a node above it. It is not "
                    + "believed; ask the operator of \(author.node).")
            return false
        }
        return true
    }

    /// A cheap look before parsing, from quote to quote: the types that the store knows begin so.
    private static func mentionsControlType(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
                rest = rest[(quote + 1)...]
                guard let initial = rest.first, initials.contains(initial) else { continue }
                if controlTypes.contains(where: { rest.starts(with: $0) }) { return true }
            }
            return false
        }
    }

    private static let controlTypes = [
        "node.", "privacy.", "person.registered\"", "person.moved\"", "dossier.", "record.corrected\"",
        "record.retracted\"",
    ].map { Array($0.utf8) }
    private static let initials = Array("dnpr".utf8)
}
