import Catalogue
import Crypto
import Event
import Foundation

/// What an imported row is recognized by: source, natural key and content, the latter two as digests.
///
/// The same row gives the same key in every office, so that it counts once. A digest of a name or a NIK could be
/// guessed back by trying all of them, so rows with personal members are digested under a secret of this node
/// instead: they are recognized here, and say nothing elsewhere.
struct DedupeKey: Sendable, Hashable, CustomStringConvertible {
    /// Source and natural key: the same fact.
    let fact: String
    /// The same fact with the same content.
    let content: String

    var description: String { "\(fact):\(content)" }

    init(fact: String, content: String) {
        self.fact = fact
        self.content = content
    }

    /// Nil where `text` is not of the form that this program writes.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), text[..<colon].contains(":") else { return nil }
        fact = String(text[..<colon])
        content = String(text[text.index(after: colon)...])
    }

    init(of entry: Entry, type: EventType, source: String, secret: SymmetricKey) {
        let isPersonal = type.split(entry.data).personal != nil
        let digest = { (json: JSON) in Self.digest(json.canonical, isPersonal ? secret : nil) }
        let envelope: [JSON] = [entry.subject, entry.occurredAt, entry.audience].map { $0.map { .string($0) } ?? .null }
        content = digest(.array([.string(type.name)] + envelope + [entry.data]))
        let natural = type.naturalKey.compactMap { entry.data[$0] }
        let isNamed = !natural.isEmpty && natural.count == type.naturalKey.count
        fact = "\(source):" + (isNamed ? digest(.array([.string(type.name)] + natural)) : content)
    }

    /// A UUID for what the row brings into being: the same one wherever the same row is imported.
    var subject: String {
        var bytes = Array(SHA256.hash(data: Data("simpul-import-subject/v1\n\(self)".utf8)).prefix(16))
        // RFC 9562: version 8 (made by a rule of one's own), variant 10.
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        return Self.hexadecimal(bytes[0..<4]) + "-" + Self.hexadecimal(bytes[4..<6]) + "-"
            + Self.hexadecimal(bytes[6..<8]) + "-" + Self.hexadecimal(bytes[8..<10]) + "-"
            + Self.hexadecimal(bytes[10..<16])
    }

    /// 128 bits in hexadecimal.
    private static func digest(_ json: JSON, _ secret: SymmetricKey?) -> String {
        let bytes = Data("simpul-import/v1\n".utf8) + json.encoded()
        if let secret {
            return hexadecimal(Array(HMAC<SHA256>.authenticationCode(for: bytes, using: secret)).prefix(16))
        }
        return hexadecimal(Array(SHA256.hash(data: bytes)).prefix(16))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String(format: "%02x", $0) }.joined()
    }
}

extension JSON {
    /// The same value with the members of objects in the order of their keys' bytes.
    fileprivate var canonical: JSON {
        switch self {
        case .array(let elements): .array(elements.map(\.canonical))
        case .object(let members):
            .object(
                members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
                    .map { JSONMember($0.key, $0.value.canonical) })
        default: self
        }
    }
}
