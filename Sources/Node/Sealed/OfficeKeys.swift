import Crypto
import Event
import Foundation
import Store

/// `OFFICE/n`: an office and the number of its key.
public struct OfficeKeyName: Sendable, Hashable, CustomStringConvertible {
    public let office: String
    public let number: Int64

    public init(office: String, number: Int64) throws(NodeError) {
        let isName = office.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "-")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
        guard isName, (1...40).contains(office.utf8.count), number >= 1 else {
            throw NodeError(
                .badInput, "“\(office)/\(number)” does not name an office's key",
                advice: "write 1 to 40 small letters, digits or hyphens, e.g. satgas-banten")
        }
        (self.office, self.number) = (office, number)
    }

    public var description: String { "\(office)/\(number)" }
}

/// A public key for which testimony is sealed, as the centre published it.
public struct OfficeKey: Sendable, Hashable {
    public let name: OfficeKeyName
    /// X25519, 32 bytes.
    public let publicKey: Data
    /// For whose villages it is.
    public let region: RegionCode
    public let title: String
    /// Whether opening needs two passphrases, as the office says.
    public let needsTwo: Bool
    public let isRevoked: Bool

    /// Eight groups of digits to compare by telephone: a key in the wrong hands reads everything sealed for it.
    public var fingerprint: String { Self.fingerprint(publicKey) }

    public static func fingerprint(_ publicKey: Data) -> String {
        let digest = Array(SHA256.hash(data: Data("simpul-office\n".utf8) + publicKey))
        return stride(from: 0, to: 16, by: 2).map { at in
            let number = String((Int(digest[at]) << 8 | Int(digest[at + 1])) % 10_000)
            return String(repeating: "0", count: 4 - number.count) + number
        }.joined(separator: " ")
    }
}

/// The offices that testimony can be sealed for.
///
/// Only lines of the node at the top count: a hub must not be able to put its own key in an office's place.
public struct OfficeKeys: Sendable {
    static let published = "office.key_published"
    static let revoked = "office.key_revoked"

    public let all: [OfficeKey]

    public init(node: Node) throws {
        try self.init(store: node.store, root: try node.root().node)
    }

    init(store: LogStore, root: NodeName) throws {
        var found: [OfficeKeyName: OfficeKey] = [:]
        var ended: Set<OfficeKeyName> = []
        try store.forEachLine(inScopeOf: .nation, containing: Array("\"office.key_".utf8)) { bytes in
            guard let line = try? EventLine(parsing: bytes), line.source.node == root,
                let office = line.data["office"]?.stringValue, let number = line.data["number"]?.intValue,
                let name = try? OfficeKeyName(office: office, number: number)
            else { return }
            if line.type == Self.revoked { ended.insert(name) }
            // The first statement about a number stands: a key is replaced by a new number.
            guard line.type == Self.published, found[name] == nil,
                let key = line.data["public_key"]?.stringValue.flatMap({ Data(base64Encoded: $0) }), key.count == 32,
                let region = line.data["for_region"]?.stringValue.flatMap({ try? RegionCode($0) })
            else { return }
            found[name] = OfficeKey(
                name: name, publicKey: key, region: region, title: line.data["title"]?.stringValue ?? office,
                needsTwo: line.data["needs_two"]?.boolValue ?? false, isRevoked: false)
        }
        all = found.values.map { key in
            OfficeKey(
                name: key.name, publicKey: key.publicKey, region: key.region, title: key.title,
                needsTwo: key.needsTwo, isRevoked: ended.contains(key.name))
        }.sorted { ($0.name.office, $0.name.number) < ($1.name.office, $1.name.number) }
    }

    /// The newest key of each office that may be written for from `region`, the nearest office first.
    public func forWriting(from region: RegionCode) -> [OfficeKey] {
        let newest = Dictionary(grouping: all.filter { !$0.isRevoked }, by: \.name.office).compactMap {
            $0.value.max { $0.name.number < $1.name.number }
        }
        return newest.filter { region.isAtOrBelow($0.region) }.sorted {
            ($1.region.level, $0.name.office) < ($0.region.level, $1.name.office)
        }
    }

    /// The key to seal with.
    ///
    /// - Parameter office: as the record names it; nil takes the nearest.
    /// - Throws: `NodeError` when there is none, or it is not clear which.
    public func choose(_ office: String?, from region: RegionCode) throws(NodeError) -> OfficeKey {
        let keys = forWriting(from: region)
        if let office {
            guard let key = keys.first(where: { $0.name.office == office }) else {
                let known = keys.map(\.name.office).joined(separator: ", ")
                throw NodeError(
                    .badInput, "no key of the office \(office) is known for \(region)",
                    advice: known.isEmpty ? "sync first; the centre publishes them" : "write one of \(known)")
            }
            return key
        }
        guard let nearest = keys.first else {
            throw NodeError(
                .badInput, "no office's key is known for \(region), so nothing can be sealed here",
                advice: "sync first; the centre publishes them")
        }
        let rivals = keys.filter { $0.region == nearest.region }
        guard rivals.count == 1 else {
            throw NodeError(
                .badInput, "several offices serve \(region)",
                advice: "say which in the field office: \(rivals.map(\.name.office).joined(separator: ", "))")
        }
        return nearest
    }
}
