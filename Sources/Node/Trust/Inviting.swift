import Crypto
import Event
import Foundation
import Store

extension Node {
    /// Makes a one-time invitation for one node.
    ///
    /// - Parameter url: how the new node reaches this server, e.g. `https://hub.example:8443`.
    /// - Parameter pin: `sha256//…` of this server's public key, when its certificate is self-signed.
    public func invite(
        node: NodeName, region: RegionCode, role: Enrolment.Role, url: String, pin: String?, validDays: Int = 14
    ) throws -> InvitationCode {
        try check(url: url, validDays: validDays)
        guard region.isAtOrBelow(own.region), own.role != .village else {
            throw NodeError(
                .badInput, "\(own.node) of region \(own.region) cannot invite a node of \(region)",
                advice: "invite from the hub of that region, or from the centre")
        }
        guard node != own.node else {
            throw NodeError(.badInput, "\(node) is this node itself", advice: "give the new node a name of its own")
        }
        guard role != .village || region.level == .village else {
            throw NodeError(
                .badInput, "\(region) is no village", advice: "a village node is of one village, e.g. 36.04.13.2007")
        }
        guard role != .hub || region.level != .village else {
            throw NodeError(
                .badInput, "\(region) is a village", advice: "a hub is of a regency or province, e.g. 36.04")
        }
        let known = try store.enrolments().filter { $0.enrolment.node == node && $0.revoked == nil }
        if let other = known.first(where: { $0.enrolment.region != region || $0.enrolment.role != role }) {
            throw NodeError(
                .badInput,
                "\(node) is enrolled for \(other.enrolment.region) as \(other.enrolment.role.rawValue), and one name stands "
                    + "for one place",
                advice: "invite it for that, or give the new node another name")
        }
        let token = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
        let expires = DateTime(
            milliseconds: Int64(now().timeIntervalSince1970 + Double(validDays) * 86_400) * 1_000)
        try store.save(
            Invitation(
                token: token, node: node, region: region, edition: own.edition, role: role,
                expires: expires.description))
        return InvitationCode(node: node, url: url, pin: pin, token: token, server: own, root: try root())
    }

    private func check(url: String, validDays: Int) throws {
        guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme),
            parts.host?.isEmpty == false
        else {
            throw NodeError(
                .badInput, "\(url) is no address of a server",
                advice: "write it as the new node reaches it, e.g. "
                    + "https://hub.example:8443")
        }
        guard 1...365 ~= validDays else {
            throw NodeError(.badInput, "a code for \(validDays) days", advice: "give 1 to 365")
        }
    }

    /// Enrols a node that came with an invitation (`POST /enrol/v1`).
    ///
    /// - Parameter request: token, node, epoch, sign, wrap, signature.
    /// - Returns: the answer's JSON.
    /// - Throws: `NodeError` `.refused` with a reason that gives nothing away about other invitations.
    public func enrol(_ request: JSON) throws -> JSON {
        if request["after"] != nil { return try succeed(request) }
        guard let token = request["token"]?.stringValue, let name = request["node"]?.stringValue,
            let epochText = request["epoch"]?.stringValue, let sign = request["sign"]?.stringValue,
            let wrap = request["wrap"]?.stringValue, let signature = request["signature"]?.stringValue
        else {
            throw NodeError(.badInput, "an enrolment without all its members", advice: "see protocol/04-session.md")
        }
        let refused = NodeError(
            .refused, "the invitation is not valid: unknown, expired, for another node, or used already",
            advice: "ask the operator of the hub for a new one")
        guard let (invitation, usedBy) = try store.invitation(token: token), invitation.node.description == name,
            usedBy == nil || usedBy == epochText,
            let expires = DateTime(invitation.expires),
            expires.milliseconds > Int64(now().timeIntervalSince1970 * 1_000)
        else { throw refused }
        let epoch = try Epoch(epochText)
        try verifyPossession(
            "simpul-enrol/v1\n\(token)\n\(name)/\(epochText)\n\(sign)\n\(wrap)", sign: sign, signature: signature)
        guard let signKey = Data(base64Encoded: sign), let wrapKey = Data(base64Encoded: wrap), wrapKey.count == 32
        else {
            throw NodeError(.badInput, "keys are 32 bytes in base64", advice: "see protocol/04-session.md")
        }
        let enrolment = Enrolment(
            node: invitation.node, epoch: epoch, region: invitation.region, edition: invitation.edition,
            role: invitation.role, sign: signKey, wrap: wrapKey)
        let known = try store.enrolment(node: enrolment.node, epoch: epoch)
        // A revoked key does not come back by an invitation, which stays good for another.
        guard known?.revoked == nil else {
            throw NodeError(
                .refused, "this copy of \(enrolment.node) is revoked: its key is not taken again",
                advice:
                    "join anew in another folder with the same invitation, and bring its records by `simpul bundle export`"
            )
        }
        guard known == nil || known?.enrolment == enrolment, try store.useInvitation(token: token, epoch: epoch) else {
            throw refused
        }
        if known == nil { try recordEnrolment(enrolment) }
        return .object([
            JSONMember("server", own.json),
            JSONMember("chain", .array([try root().json, own.json])),
            JSONMember("node", enrolment.json),
        ])
    }

    /// Writes `node.enrolled` into this node's log for its region; storing it makes the key known.
    public func recordEnrolment(_ enrolment: Enrolment) throws {
        let data = enrolment.json.setting("since", to: .string(localDay(now())))
        try recorder.record(
            Draft(
                type: "node.enrolled", subject: enrolment.node.description, data: data, actor: own.node.description,
                role: "system", audience: own.region, region: enrolment.region))
        try settle()
    }

    private func verifyPossession(_ text: String, sign: String, signature: String) throws {
        guard let key = Data(base64Encoded: sign), let bytes = Data(base64Encoded: signature),
            let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key),
            publicKey.isValidSignature(bytes, for: Data(text.utf8))
        else {
            throw NodeError(
                .refused, "the enrolment is not signed by the key it brings", advice: "see protocol/04-session.md")
        }
    }

    /// The local calendar day, `2026-08-14`.
    public func localDay(_ date: Date) -> String {
        DateTime(
            milliseconds: Int64(date.timeIntervalSince1970) * 1_000,
            offsetMinutes: timeZone.secondsFromGMT(for: date) / 60
        ).localDate
    }
}
