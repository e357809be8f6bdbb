import Crypto
import Event
import Foundation

/// A node's key for one epoch, bound to region and role by whoever enrolled it.
public struct Enrolment: Sendable, Hashable {
    public enum Role: String, Sendable, CaseIterable {
        case village, hub, centre
    }

    public let node: NodeName
    public let epoch: Epoch
    public let region: RegionCode
    /// Edition of the region codes, e.g. `2025-2430`.
    public let edition: String
    public let role: Role
    /// Ed25519 public key, 32 bytes.
    public let sign: Data
    /// X25519 public key for HPKE, 32 bytes.
    public let wrap: Data

    public init(
        node: NodeName, epoch: Epoch, region: RegionCode, edition: String, role: Role, sign: Data, wrap: Data
    ) {
        self.node = node
        self.epoch = epoch
        self.region = region
        self.edition = edition
        self.role = role
        self.sign = sign
        self.wrap = wrap
    }

    /// The shape used in `node.enrolled`, invitations and enrolment answers.
    public var json: JSON {
        .object([
            JSONMember("node", .string(node.description)),
            JSONMember("epoch", .string(epoch.description)),
            JSONMember("region", .string(region.description)),
            JSONMember("regionedition", .string(edition)),
            JSONMember("role", .string(role.rawValue)),
            JSONMember("sign", .string(sign.base64EncodedString())),
            JSONMember("wrap", .string(wrap.base64EncodedString())),
        ])
    }

    public init(json: JSON) throws {
        func text(_ name: String) throws -> String {
            guard let value = json[name]?.stringValue else {
                throw StoreError.invalid("an enrolment without \(name)")
            }
            return value
        }
        guard let role = Role(rawValue: try text("role")) else {
            throw StoreError.invalid("an enrolment's role is village, hub or centre")
        }
        guard let sign = Data(base64Encoded: try text("sign")), sign.count == 32,
            let wrap = Data(base64Encoded: try text("wrap")), wrap.count == 32
        else { throw StoreError.invalid("an enrolment's keys are 32 bytes in base64") }
        self.init(
            node: try NodeName(try text("node")), epoch: try Epoch(try text("epoch")),
            region: try RegionCode(try text("region")), edition: try text("regionedition"), role: role,
            sign: sign, wrap: wrap)
    }
}

/// An enrolment as this node knows it.
public struct KnownEnrolment: Sendable {
    public let enrolment: Enrolment
    /// Reference of the line that says so, or `invitation` for the keys trusted from the start.
    public let reference: String
    /// When it was revoked (RFC 3339), as the revoking node says; nil while it stands.
    public let revoked: String?
}
