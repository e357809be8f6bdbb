import Event
import Foundation
import Store

/// `simpul.json`: what the node is. Written by `simpul init`, safe to edit where it says so in
/// `docs/operating/`.
public struct NodeConfiguration: Codable, Sendable {
    /// Format of this file.
    public var format = 1
    /// This node's own enrolment.
    public var node: String
    public var epoch: String
    public var region: String
    public var regionEdition: String
    public var role: String
    /// IANA name of the zone in which the village lives; dates are local dates there.
    public var timeZone: String
    public var parent: Parent?
    /// The parent before this one, while the line that tells of the move is not written yet.
    public var movedFrom: String?
    /// Enrolment of the node at the top, trusted from the start.
    public var root: TrustedKey
    public var listen: Listen?

    public struct Parent: Codable, Sendable {
        public var url: String
        /// `sha256//` and the base64 SHA-256 of the server's public key, when it is pinned.
        public var pin: String?
        /// File of certificate authorities to trust instead of the system's.
        public var authority: String?
        public var key: TrustedKey
    }

    /// Where `simpul serve` and `simpul app` listen.
    public struct Listen: Codable, Sendable {
        public var host: String
        public var port: Int
        public var certificate: String?
        public var privateKey: String?

        public init(host: String, port: Int, certificate: String? = nil, privateKey: String? = nil) {
            self.host = host
            self.port = port
            self.certificate = certificate
            self.privateKey = privateKey
        }
    }

    /// An enrolment in the form of the configuration file.
    public struct TrustedKey: Codable, Sendable {
        public var node: String
        public var epoch: String
        public var region: String
        public var regionEdition: String
        public var role: String
        public var sign: String
        public var wrap: String

        public init(_ enrolment: Enrolment) {
            node = enrolment.node.description
            epoch = enrolment.epoch.description
            region = enrolment.region.description
            regionEdition = enrolment.edition
            role = enrolment.role.rawValue
            sign = enrolment.sign.base64EncodedString()
            wrap = enrolment.wrap.base64EncodedString()
        }

        public func enrolment() throws -> Enrolment {
            guard let role = Enrolment.Role(rawValue: role), let sign = Data(base64Encoded: sign),
                let wrap = Data(base64Encoded: wrap), sign.count == 32, wrap.count == 32
            else {
                throw NodeError(.damaged, "a key in simpul.json is not one", advice: "restore the file from a copy")
            }
            return Enrolment(
                node: try NodeName(node), epoch: try Epoch(epoch), region: try RegionCode(region),
                edition: regionEdition, role: role, sign: sign, wrap: wrap)
        }
    }

    public static func load(_ folder: NodeFolder) throws -> NodeConfiguration {
        guard let data = FileManager.default.contents(atPath: folder.configuration) else {
            throw NodeError(
                .notANode, "no node in \(folder.path)",
                advice: "make one with `simpul init`, or name its folder with --folder")
        }
        do {
            let configuration = try JSONDecoder().decode(NodeConfiguration.self, from: data)
            guard configuration.format == 1 else {
                throw NodeError(
                    .newerFormat, "\(folder.configuration) has format \(configuration.format), this program knows 1",
                    advice: "install the newer simpul; nothing was changed")
            }
            return configuration
        } catch let error as DecodingError {
            throw NodeError(
                .damaged, "\(folder.configuration) cannot be read: \(Self.reason(error))",
                advice: "put it back from a copy; the records beside it are not touched")
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "“\(key.stringValue)” is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "“\(context.codingPath.map(\.stringValue).joined(separator: "."))” is of another kind"
        default: "it is not JSON"
        }
    }

    public func save(_ folder: NodeFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try NodeFolder.write(try encoder.encode(self), to: folder.configuration)
    }
}
