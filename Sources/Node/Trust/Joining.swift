import Crypto
import Event
import Foundation
import Store
import Transport

/// Makes new nodes.
public enum NodeSetup {
    /// Makes the node at the top: it trusts itself, and everyone else trusts it from their invitation on.
    public static func makeCentre(
        folder: NodeFolder, node: NodeName, edition: String, timeZone: String,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws {
        try folder.create()
        let keys = NodeKeys()
        let own = keys.enrolment(node: node, region: .nation, edition: edition, role: .centre)
        try keys.save(folder)
        // Before the configuration: a node whose log is missing is not a new one.
        try LogStore.prepare(folder: folder.path)
        try configuration(own, parent: nil, root: own, timeZone: timeZone).save(folder)
        let opened = try Node(folder: folder, now: now)
        try opened.recordEnrolment(own)
        try opened.close()
    }

    /// Makes a hub or village with an invitation: keys first, durably; then the server is asked; then the node is.
    ///
    /// Asking again after a lost answer is safe: the same keys get the same answer.
    public static func join(
        folder: NodeFolder, invitation: InvitationCode, timeZone: String, authority: String? = nil,
        as former: NodeConfiguration? = nil
    ) throws {
        try join(folder: folder, invitation: invitation, timeZone: timeZone, authority: authority, as: former) {
            request in
            try post(request, invitation, authority: authority)
        }
    }

    /// - Parameters:
    ///   - former: what it was before, for a node that is restored: it stays of the same place.
    ///   - ask: carries the request to the server and brings its answer.
    package static func join(
        folder: NodeFolder, invitation: InvitationCode, timeZone: String, authority: String?,
        as former: NodeConfiguration? = nil, ask: (JSON) throws -> JSON
    ) throws {
        let files = FileManager.default
        if files.fileExists(atPath: folder.configuration) {
            throw NodeError(
                .exists, "\(folder.path) holds a node already", advice: "use it, or name another folder with --folder")
        }
        let keys: NodeKeys
        if files.fileExists(atPath: folder.nodeKey) {
            keys = try NodeKeys(folder)
        } else {
            try folder.create()
            keys = NodeKeys()
            try keys.save(folder)
        }
        let own = try accepted(try ask(try request(invitation, keys: keys)), invitation, keys)
        if let former { try requireSamePlace(own, former, invitation) }
        let parent = parent(invitation, authority: authority)
        try LogStore.prepare(folder: folder.path)
        try configuration(own, parent: parent, root: invitation.root, timeZone: timeZone).save(folder)
        try Node(folder: folder).close()
    }

    static func requireSamePlace(
        _ accepted: Enrolment, _ former: NodeConfiguration, _ invitation: InvitationCode
    ) throws {
        guard accepted.region.description == former.region, accepted.role.rawValue == former.role else {
            throw NodeError(
                .badInput,
                "\(invitation.server.node) invites \(invitation.node) for \(accepted.region) as \(accepted.role.rawValue), "
                    + "it is of \(former.region) as \(former.role)",
                advice: "ask for an invitation with the region and role it has; nothing was changed here")
        }
    }

    static func parent(_ invitation: InvitationCode, authority: String?) -> NodeConfiguration.Parent {
        NodeConfiguration.Parent(
            url: invitation.url, pin: invitation.pin, authority: authority,
            key: NodeConfiguration.TrustedKey(invitation.server))
    }

    private static func configuration(
        _ own: Enrolment, parent: NodeConfiguration.Parent?, root: Enrolment, timeZone: String
    ) throws -> NodeConfiguration {
        guard TimeZone(identifier: timeZone) != nil else {
            throw NodeError(
                .badInput, "the time zone \(timeZone) is not known",
                advice: "write Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)")
        }
        return NodeConfiguration(
            node: own.node.description, epoch: own.epoch.description, region: own.region.description,
            regionEdition: own.edition, role: own.role.rawValue, timeZone: timeZone, parent: parent,
            root: NodeConfiguration.TrustedKey(root))
    }

    static func request(_ invitation: InvitationCode, keys: NodeKeys) throws -> JSON {
        let sign = keys.sign.publicKey.rawRepresentation.base64EncodedString()
        let wrap = keys.wrapPublic.rawRepresentation.base64EncodedString()
        let name = invitation.node
        let text = "simpul-enrol/v1\n\(invitation.token)\n\(name)/\(keys.epoch)\n\(sign)\n\(wrap)"
        return .object([
            JSONMember("token", .string(invitation.token)), JSONMember("node", .string(name.description)),
            JSONMember("epoch", .string(keys.epoch.description)), JSONMember("sign", .string(sign)),
            JSONMember("wrap", .string(wrap)),
            JSONMember("signature", .string(try keys.sign.signature(for: Data(text.utf8)).base64EncodedString())),
        ])
    }

    static func post(_ request: JSON, _ invitation: InvitationCode, authority: String?) throws -> JSON {
        var settings = HTTPSettings(userAgent: "simpul/1")
        if let pin = invitation.pin {
            settings.trust = authority.map { .pinAndFile(pin: pin, file: $0) } ?? .pin(pin)
        } else if let authority {
            settings.trust = .file(authority)
        }
        let answer: HTTPAnswer
        do {
            answer = try HTTPClient(settings).post(
                try HTTPAddress(invitation.url).resolving("/enrol/v1"), json: request.encoded())
        } catch let error as TransportError {
            guard let refused = error.answer, let problem = try? JSON.parse(refused.body, limits: .document),
                let detail = problem["detail"]?.stringValue
            else { throw error }
            throw NodeError(
                .refused, "\(invitation.server.node) refused: \(detail)", advice: "ask for a new invitation")
        }
        return try JSON.parse(answer.body, limits: .document)
    }

    /// The answer must be of the servers that the invitation names, about the keys just made.
    static func accepted(_ json: JSON, _ invitation: InvitationCode, _ keys: NodeKeys) throws -> Enrolment {
        guard let server = json["server"].flatMap({ try? Enrolment(json: $0) }), server == invitation.server,
            let root = json["chain"]?[0].flatMap({ try? Enrolment(json: $0) }), root == invitation.root,
            let node = json["node"], node["node"]?.stringValue == invitation.node.description,
            node["epoch"]?.stringValue == keys.epoch.description,
            let region = node["region"]?.stringValue, let edition = node["regionedition"]?.stringValue,
            let role = node["role"]?.stringValue.flatMap(Enrolment.Role.init)
        else {
            throw NodeError(
                .notTrusted, "the server that answered is not the one the invitation names",
                advice: "do not go on; ask the operator who gave you the invitation")
        }
        return keys.enrolment(node: invitation.node, region: try RegionCode(region), edition: edition, role: role)
    }
}
