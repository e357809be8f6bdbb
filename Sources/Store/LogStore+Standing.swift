import Event
import Foundation
import GRDB
import Sync

/// Whether this copy of the disk may go on as it did: copies, restores, and machines seen under one epoch
/// (`protocol/02-log.md`, "Copies and restores").
extension LogStore {
    // MARK: - Leaving the epoch

    /// Why this copy has to leave its epoch; nil while it need not.
    public func mustLeaveEpoch() throws -> String? {
        try database.read { db in
            try Self.counter(db, "leave").flatMap { text in
                text.hasPrefix("\(signer.epoch) ")
                    ? String(text.dropFirst(signer.epoch.description.utf8.count + 1)) : nil
            }
        }
    }

    /// Notes that somebody else writes under this copy's key, in the caller's transaction.
    func leaveEpoch(_ db: Database, _ reason: String) throws {
        try Self.setCounter(db, "leave", "\(signer.epoch) \(reason)")
        try Self.raiseAlarm(db, kind: "copied", log: "\(signer.node)/\(signer.epoch)", detail: reason)
    }

    /// Compares where this folder stands with where it stood when it was last opened: a folder that was copied while the
    /// other goes on would write under the same key.
    ///
    /// - Parameter installation: a name of machine and file, and after a blank names of its disks, by commas. Where disks
    ///   are known both times and none is the same, it is another machine; a service may see none of them.
    /// - Returns: whether it is a copy that was not noticed before.
    public func noticeInstallation(_ installation: String) throws -> Bool {
        let text = "\(signer.epoch) \(installation)"
        let known = try database.read { db in try Self.counter(db, "installation") }
        guard known.map({ Self.saysNothingNew(text, beside: $0) }) != true else { return false }
        return try database.write { db in
            let known = try Self.counter(db, "installation")
            try Self.setCounter(db, "installation", text)
            guard let known, !Self.isSame(text, known), known.hasPrefix("\(signer.epoch) ") else { return false }
            try leaveEpoch(
                db,
                "this folder is a copy, or was moved here from another disk. So that two copies never write under one "
                    + "key, it opens an epoch of its own with the next sync. Use only one of the two copies.")
            return true
        }
    }

    private static func isSame(_ one: String, _ other: String) -> Bool {
        let parts = [one, other].map { $0.split(separator: " ", omittingEmptySubsequences: false) }
        let disks = parts.map { Set($0.dropFirst(2).joined().split(separator: ",")) }
        return parts[0].prefix(2) == parts[1].prefix(2)
            && (disks[0].isEmpty || disks[1].isEmpty || !disks[0].isDisjoint(with: disks[1]))
    }

    /// Whether it is the same place, of which no more is seen now than before.
    private static func saysNothingNew(_ now: String, beside known: String) -> Bool {
        now == known || (isSame(now, known) && now.hasSuffix(" "))
    }

    // MARK: - Machines

    /// Remembers under which machine's name a node synced; two for one epoch are two copies of one disk.
    public func noteMachine(_ name: String, node: NodeName, epoch: Epoch) throws {
        // The name is the other's word, told in each session: written once a day, and not without end.
        let isKnown = try database.read { db in
            try Bool.fetchOne(
                db,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM machine WHERE node = ? AND epoch = ? AND name = ?
                        AND last > strftime('%Y-%m-%dT%H:%M:%SZ', moment(), '-1 day'))
                    OR (SELECT count(*) FROM machine WHERE node = ? AND epoch = ?) >= 16
                    """,
                arguments: [
                    node.description, epoch.description, name, node.description, epoch.description,
                ])
        }
        guard isKnown != true else { return }
        try database.write { db in
            try db.execute(
                sql: """
                    INSERT INTO machine (node, epoch, name, last) VALUES (?, ?, ?, moment())
                    ON CONFLICT DO UPDATE SET last = excluded.last
                    """,
                arguments: [node.description, epoch.description, name])
            let all = try Self.machines(db, node: node, epoch: epoch)
            guard all.count > 1 else { return }
            try Self.raiseAlarm(
                db, kind: "two-machines", log: "\(node)/\(epoch)",
                detail:
                    "\(node) syncs from more than one machine under one key: \(all.joined(separator: ", ")). One is a "
                    + "copy of the other's disk. All lines are kept and counted; each copy gets a key of its own.")
        }
    }

    /// Names of the machines that an epoch was seen on, the last one first.
    public func machineNames(node: NodeName, epoch: Epoch) throws -> [String] {
        try database.read { db in try Self.machines(db, node: node, epoch: epoch) }
    }

    static func machines(_ db: Database, node: NodeName, epoch: Epoch) throws -> [String] {
        try String.fetchAll(
            db, sql: "SELECT name FROM machine WHERE node = ? AND epoch = ? ORDER BY last DESC, name LIMIT 16",
            arguments: [node.description, epoch.description])
    }

    /// Tells an operator of something that happened outside the store.
    public func noteAlarm(kind: String, log: String, detail: String) throws {
        try database.write { db in try Self.raiseAlarm(db, kind: kind, log: log, detail: detail) }
    }

    // MARK: - After a restore

    /// Makes a restored file one of its own: its marks are not those of its lost future, and peers are asked anew.
    ///
    /// - Parameter holding: a hub or centre, which writes nothing until parent and children have answered.
    public static func prepareRestored(folder: String, holding: Bool) throws {
        let database = try LogDatabase(folder: folder)
        defer { try? database.close() }
        try database.write { db in
            try db.execute(
                sql: "UPDATE counter SET text = ? WHERE name = 'store'", arguments: [UUID().uuidString.lowercased()])
            try db.execute(sql: "DELETE FROM counter WHERE name IN ('leave', 'installation') OR name LIKE 'heard:%'")
            try db.execute(sql: "UPDATE peer SET mark = '', agreed = 0, unanswered = 0, challenge = ''")
            guard holding else { return }
            try setCounter(db, "holding", "restored")
            try raiseAlarm(
                db, kind: "restored", log: "",
                detail: "restored from a backup: it writes nothing until its parent and its children have answered, so "
                    + "that what was lost comes back first. `simpul resume` goes on without those that are silent.")
        }
    }

    /// Whether this node writes nothing for now, as it was restored.
    public func isHolding() throws -> Bool {
        try database.read { db in try Self.counter(db, "holding") != nil }
    }

    static func refuseWhileHolding(_ db: Database) throws {
        guard try counter(db, "holding") != nil else { return }
        throw StoreError.holding(waitingFor: try silent(db).map(\.description))
    }

    /// A peer has handed up, or agreed on, all it holds. The last of them ends the wait.
    public func noteHeard(_ node: NodeName) throws {
        guard try isHolding() else { return }
        try database.write { db in
            try Self.setCounter(db, "heard:\(node)", "")
            if try Self.silent(db).isEmpty { try Self.resume(db) }
        }
    }

    /// Whom a restored node still waits for.
    public func silentPeers() throws -> [NodeName] {
        try database.read { db in try Self.counter(db, "holding") == nil ? [] : Self.silent(db) }
    }

    /// An operator goes on without the peers that are silent; it stays on record who did, and why.
    public func override(by person: String, reason: String) throws {
        try database.write { db in
            let silent = try Self.silent(db).map(\.description).joined(separator: ", ")
            try Self.resume(db)
            try Self.raiseAlarm(
                db, kind: "restore-override", log: "",
                detail: "\(person) let this restored node write again before these had answered: \(silent). Reason: "
                    + reason)
        }
    }

    private static func resume(_ db: Database) throws {
        try db.execute(sql: "DELETE FROM counter WHERE name = 'holding' OR name LIKE 'heard:%'")
        try db.execute(sql: "DELETE FROM alarm WHERE kind = 'restored'")
    }

    /// Those that had contact in the 30 days before the newest contact, are not revoked, and have not answered.
    private static func silent(_ db: Database) throws -> [NodeName] {
        try String.fetchAll(
            db,
            sql: """
                SELECT node FROM peer WHERE EXISTS (
                    SELECT 1 FROM enrolment WHERE enrolment.node = peer.node AND revoked IS NULL)
                AND (contactDay IS NULL AND lastContact IS NOT NULL
                    OR contactDay >= (SELECT date(max(contactDay), '-30 days') FROM peer))
                AND NOT EXISTS (SELECT 1 FROM counter WHERE counter.name = 'heard:' || peer.node) ORDER BY node
                """
        ).map { try NodeName($0) }
    }

    static func counter(_ db: Database, _ name: String) throws -> String? {
        try String.fetchOne(db, sql: "SELECT text FROM counter WHERE name = ?", arguments: [name])
    }

    static func setCounter(_ db: Database, _ name: String, _ text: String) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO counter (name, value, text) VALUES (?, 0, ?)", arguments: [name, text])
    }
}
