import Crypto
import Event
import Foundation

/// The member `sealed` of a payload: what only a named office may read (`protocol/06-personal-data.md`, "Sealed").
///
/// HPKE in base mode with a key pair that is thrown away: once made, nobody but the office opens it, its author
/// included.
public enum SealedBox {
    /// Sizes that a text is padded to, in bytes: what is outside tells a few lines from a few pages, no more.
    public static let sizes = [1_024, 4_096, 16_384, 40_960]

    /// - Parameters:
    ///   - line: with its place: a box moved to another line does not open.
    ///   - office: `OFFICE/n`.
    static func seal(_ members: JSON, in line: EventLine, to office: OfficeKey) throws -> JSON {
        let box = try SealedForKey.seal(
            try padded(members.encoded()), to: office.publicKey, info: info(office.name.description, line))
        return .object([
            JSONMember("to", .string(office.name.description)), JSONMember("box", .string(box.base64EncodedString())),
        ])
    }

    /// - Throws: `NodeError` when it is for another key, or was changed or moved.
    static func open(_ line: EventLine, _ key: Curve25519.KeyAgreement.PrivateKey) throws -> JSON {
        guard let to = line.data["sealed"]?["to"]?.stringValue,
            let box = line.data["sealed"]?["box"]?.stringValue.flatMap({ Data(base64Encoded: $0) })
        else {
            throw NodeError(.badInput, "nothing is sealed in this record", advice: "name another one")
        }
        guard let text = try? SealedForKey.open(box, key, info: info(to, line)),
            let json = try? JSON.parse(text, limits: .document)
        else {
            throw NodeError(
                .notTrusted, "what is sealed in this record does not open with this key",
                advice: "it was sealed for \(to); if that is this key, the line was changed or moved")
        }
        return json
    }

    /// JSON may have spaces behind it, so a reader needs no rule to take them off.
    static func padded(_ text: [UInt8]) throws(NodeError) -> Data {
        guard let size = sizes.first(where: { $0 >= text.count }) else {
            throw NodeError(
                .badInput, "what is to be sealed has \(text.count) bytes, more than \(sizes.last ?? 0)",
                advice: "divide it into two records")
        }
        return Data(text) + Data(repeating: UInt8(ascii: " "), count: size - text.count)
    }

    private static func info(_ office: String, _ line: EventLine) -> Data {
        Data("simpul-sealed/v1\n\(office)\n\(line.source)#\(line.sequence)\n\(line.type)\n\(line.subject)".utf8)
    }
}
