import Crypto
import Event
import Foundation
import GRDB

/// A one-time permission to enrol one node.
public struct Invitation: Sendable {
    public let token: String
    public let node: NodeName
    public let region: RegionCode
    public let edition: String
    public let role: Enrolment.Role
    /// RFC 3339, UTC, by this server's clock.
    public let expires: String

    public init(
        token: String, node: NodeName, region: RegionCode, edition: String, role: Enrolment.Role, expires: String
    ) {
        self.token = token
        self.node = node
        self.region = region
        self.edition = edition
        self.role = role
        self.expires = expires
    }
}

extension LogStore {
    /// What is kept of a token: whoever reads the file or a copy of it cannot enrol with what stands there.
    private static func kept(_ token: String) -> String {
        "sha256:" + Data(SHA256.hash(data: Data(token.utf8))).base64EncodedString()
    }

    public func save(_ invitation: Invitation) throws {
        try database.write { db in
            try db.execute(
                sql: "INSERT INTO invitation (token, node, region, edition, role, expires) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    Self.kept(invitation.token), invitation.node.description, invitation.region.description,
                    invitation.edition, invitation.role.rawValue, invitation.expires,
                ])
        }
    }

    /// The invitation of `token` and the epoch that used it, if any.
    public func invitation(token: String) throws -> (invitation: Invitation, usedBy: String?)? {
        try database.read { db in
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT * FROM invitation WHERE token = ?", arguments: [Self.kept(token)])
            else { return nil }
            guard let role = Enrolment.Role(rawValue: row["role"]) else { return nil }
            let invitation = Invitation(
                token: token, node: try NodeName(row["node"]), region: try RegionCode(row["region"]),
                edition: row["edition"], role: role, expires: row["expires"])
            return (invitation, row["usedBy"])
        }
    }

    /// Marks an invitation as used by `epoch`. False when another epoch was faster.
    public func useInvitation(token: String, epoch: Epoch) throws -> Bool {
        try database.write { db in
            try db.execute(
                sql: "UPDATE invitation SET usedBy = ?1 WHERE token = ?2 AND (usedBy IS NULL OR usedBy = ?1)",
                arguments: [epoch.description, Self.kept(token)])
            return db.changesCount == 1
        }
    }
}
