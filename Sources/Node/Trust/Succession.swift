import Crypto
import Event
import Foundation
import Store
import Transport

/// A copy of a disk opens an epoch of its own: its old key vouches for the new one (`protocol/04-session.md`,
/// "Succeeding"). Nobody has to hand over an invitation, and nothing that was written is moved.
struct Succession {
    let node: Node

    static func text(server: NodeName, node: NodeName, old: Epoch, new: Epoch, sign: String, wrap: String) -> String {
        "simpul-succeed/v1\n\(server)\n\(node)/\(old)\n\(new)\n\(sign)\n\(wrap)"
    }

    /// Opens the epoch where this copy has to. The node has to be opened again to write under it; programs that keep
    /// running do so by themselves, and none takes anything in under the old one from then on.
    ///
    /// - Parameter ask: carries the request to the parent and brings its answer.
    /// - Returns: the new epoch; nil where there is nothing to do.
    func openIfNeeded(_ parent: Enrolment, ask: (JSON) throws -> JSON) throws -> Epoch? {
        let folder = node.folder
        // Another process of this node, or this one, may have done it already.
        guard try node.store.mustLeaveEpoch() != nil,
            try NodeConfiguration.load(folder).epoch == node.own.epoch.description
        else { return nil }
        let next: NodeKeys
        // One that cannot be read was named nowhere yet: the configuration is of the former epoch.
        if let kept = try? NodeKeys(file: folder.nextKey) {
            next = kept
        } else {
            next = try NodeKeys(folder).successor()
            // Durable before the parent is asked: an answer may be lost, and the same keys get the same answer.
            try next.save(to: folder.nextKey)
        }
        let answer = try ask(try request(next, parent))
        guard answer["server"].flatMap({ try? Enrolment(json: $0) })?.node == parent.node,
            answer["node"]?["epoch"]?.stringValue == next.epoch.description
        else {
            throw NodeError(
                .notTrusted, "\(parent.node) answered about another node", advice: "tell its operator; nothing is lost")
        }
        var configuration = try NodeConfiguration.load(folder)
        configuration.epoch = next.epoch.description
        try configuration.save(folder)
        try Self.finish(folder)
        return next.epoch
    }

    /// Puts the new key in place once the configuration names it; also after a death in between.
    static func finish(_ folder: NodeFolder) throws {
        let data = try NodeKeys(file: folder.nextKey).encoded()
        try SecretFile.replace(folder.nodeKey, with: data)
        // The name first: a file of zeros that a crash left would be taken for a key.
        let descriptor = open(folder.nextKey, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0, unlink(folder.nextKey) == 0 else {
            throw NodeError(
                .cannotWrite, "\(folder.nextKey): \(String(cString: strerror(errno)))", advice: "check the disk")
        }
        defer { close(descriptor) }
        try Blank.open(descriptor, path: folder.nextKey)
    }

    private func request(_ next: NodeKeys, _ parent: Enrolment) throws -> JSON {
        let sign = next.sign.publicKey.rawRepresentation.base64EncodedString()
        let wrap = next.wrapPublic.rawRepresentation.base64EncodedString()
        let text = Data(
            Self.text(
                server: parent.node, node: node.own.node, old: node.own.epoch, new: next.epoch, sign: sign, wrap: wrap
            ).utf8)
        return .object([
            JSONMember("after", .string(node.own.epoch.description)),
            JSONMember("node", .string(node.own.node.description)),
            JSONMember("epoch", .string(next.epoch.description)), JSONMember("sign", .string(sign)),
            JSONMember("wrap", .string(wrap)),
            JSONMember("signature", .string(try next.sign.signature(for: text).base64EncodedString())),
            JSONMember("approval", .string(try node.keys.sign.signature(for: text).base64EncodedString())),
        ])
    }
}

extension Node {
    /// Epochs that one node may open: a stolen key opens no more.
    private static let epochLimit = 64

    /// Enrols a further epoch of a node whose old key vouches for it.
    ///
    /// - Throws: `NodeError` `.refused`.
    func succeed(_ request: JSON) throws -> JSON {
        guard let old = request["after"]?.stringValue.flatMap({ try? Epoch($0) }),
            let name = request["node"]?.stringValue.flatMap({ try? NodeName($0) }),
            let new = request["epoch"]?.stringValue.flatMap({ try? Epoch($0) }),
            let sign = request["sign"]?.stringValue, let wrap = request["wrap"]?.stringValue,
            let signature = request["signature"]?.stringValue, let approval = request["approval"]?.stringValue,
            let signKey = Data(base64Encoded: sign), signKey.count == 32,
            let wrapKey = Data(base64Encoded: wrap), wrapKey.count == 32
        else {
            throw NodeError(.badInput, "an enrolment without all its members", advice: "see protocol/04-session.md")
        }
        let refused = NodeError(
            .refused, "\(name)/\(old) may not open another epoch here: it is unknown, revoked, or has opened too many",
            advice: "ask the operator of \(own.node) for an invitation")
        guard let known = try store.enrolment(node: name, epoch: old), known.revoked == nil, name != own.node,
            known.enrolment.region.isAtOrBelow(own.region)
        else { throw refused }
        let text = Data(
            Succession.text(server: own.node, node: name, old: old, new: new, sign: sign, wrap: wrap).utf8)
        for (key, bytes) in [(known.enrolment.sign, approval), (signKey, signature)] {
            guard let bytes = Data(base64Encoded: bytes),
                let publicKey = try? Curve25519.Signing.PublicKey(rawRepresentation: key),
                publicKey.isValidSignature(bytes, for: text)
            else { throw refused }
        }
        let enrolment = Enrolment(
            node: name, epoch: new, region: known.enrolment.region, edition: known.enrolment.edition,
            role: known.enrolment.role, sign: signKey, wrap: wrapKey)
        let earlier = try store.enrolment(node: name, epoch: new)
        let isNew = earlier == nil
        guard
            try isNew
                ? store.enrolments().count(where: { $0.enrolment.node == name }) < Self.epochLimit
                : earlier?.enrolment == enrolment
        else { throw refused }
        if earlier == nil {
            try recordEnrolment(enrolment)
            try store.noteAlarm(
                kind: "new-epoch", log: "\(name)/\(new)",
                detail:
                    "a copy of \(name) opened the epoch \(new) after \(old), as its disk was restored or copied. If "
                    + "nobody of \(name) knows of that, revoke it: simpul nodes revoke \(name)")
        }
        return .object([
            JSONMember("server", own.json),
            JSONMember("chain", .array([try root().json, own.json])),
            JSONMember("node", enrolment.json),
        ])
    }
}
