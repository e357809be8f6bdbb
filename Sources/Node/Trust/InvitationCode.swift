import Event
import Foundation
import Store

/// What an operator hands to a new node, once: where to go, whom to trust, and the permission to join
/// (`protocol/04-session.md`).
public struct InvitationCode: Sendable {
    /// The node that is invited.
    public let node: NodeName
    public let url: String
    public let pin: String?
    public let token: String
    public let server: Enrolment
    public let root: Enrolment

    private static let prefix = "simpul-invite-"

    public init(node: NodeName, url: String, pin: String?, token: String, server: Enrolment, root: Enrolment) {
        self.node = node
        self.url = url
        self.pin = pin
        self.token = token
        self.server = server
        self.root = root
    }

    public var text: String {
        var members = [
            JSONMember("v", .int(1)), JSONMember("node", .string(node.description)), JSONMember("url", .string(url)),
        ]
        if let pin { members.append(JSONMember("pin", .string(pin))) }
        members += [
            JSONMember("token", .string(token)), JSONMember("server", server.json), JSONMember("root", root.json),
        ]
        let encoded = Data(JSON.object(members).encoded()).base64EncodedString()
        return Self.prefix
            + encoded.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }

    public init(_ text: String) throws {
        let trimmed = text.filter { !$0.isWhitespace }
        guard trimmed.hasPrefix(Self.prefix) else {
            throw NodeError(
                .badInput, "this is not an invitation: it starts with \(Self.prefix)", advice: "copy the whole code")
        }
        var encoded = trimmed.dropFirst(Self.prefix.count)
            .replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        encoded += String(repeating: "=", count: (4 - encoded.count % 4) % 4)
        guard let data = Data(base64Encoded: encoded), let json = try? JSON.parse(data, limits: .document),
            json["v"]?.intValue == 1, let node = json["node"]?.stringValue, let url = json["url"]?.stringValue,
            let token = json["token"]?.stringValue,
            let server = json["server"], let root = json["root"]
        else {
            throw NodeError(
                .badInput, "the invitation is damaged or cut short", advice: "copy the whole code, or ask for a new one"
            )
        }
        self.init(
            node: try NodeName(node), url: url, pin: json["pin"]?.stringValue, token: token,
            server: try Enrolment(json: server),
            root: try Enrolment(json: root))
    }
}
