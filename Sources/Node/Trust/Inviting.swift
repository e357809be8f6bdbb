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
        guard region.isAtOrBelow(own.region), own.role != .village else {
            throw NodeError(
                .badInput, "\(own.node) of region \(own.region) cannot invite a node of \(region)",
                advice: "invite from the hub of that region, or from the centre")
        }
        let token = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }.base64EncodedString()
            .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
        let expires = DateTime(
            milliseconds: Int64(Date().timeIntervalSince1970 + Double(validDays) * 86_400) * 1_000)
        try store.save(
            Invitation(
                token: token, node: node, region: region, edition: own.edition, role: role,
                expires: expires.description))
        return InvitationCode(node: node, url: url, pin: pin, token: token, server: own, root: try root())
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
            expires.milliseconds > Int64(Date().timeIntervalSince1970 * 1_000)
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
