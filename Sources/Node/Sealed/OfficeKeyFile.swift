import Crypto
import Foundation

/// An office's secret key in a file, under one passphrase or two.
///
/// Two are nested: the first one's box is wrapped by the second one's. Neither person opens anything alone, and nothing
/// of the key is in either passphrase.
public struct OfficeKeyFile: Codable, Sendable {
    public private(set) var format = 1
    public let office: String
    public let number: Int64
    /// X25519, 32 bytes.
    public let publicKey: Data
    /// One for each passphrase, the outermost last.
    private let layers: [Layer]
    private let box: Data

    private struct Layer: Codable {
        let cost: Passphrase.Cost
        let salt: Data
    }

    /// Makes a fresh key pair.
    ///
    /// - Parameter passphrases: one or two, in the order in which they are asked.
    public init(_ name: OfficeKeyName, under passphrases: [Passphrase], cost: Passphrase.Cost = .usual) throws {
        guard (1...2).contains(passphrases.count) else {
            throw NodeError(.badInput, "an office's key has one or two passphrases", advice: "give one or two")
        }
        let key = Curve25519.KeyAgreement.PrivateKey()
        (office, number, publicKey) = (name.office, name.number, key.publicKey.rawRepresentation)
        layers = passphrases.map { _ in Layer(cost: cost, salt: Random.bytes(16)) }
        var box = key.rawRepresentation
        for (position, passphrase) in passphrases.enumerated() {
            box = try Boxed.seal(
                box, try passphrase.key(salt: layers[position].salt, cost: cost),
                context: Self.context(name.description, position))
        }
        self.box = box
    }

    public var name: OfficeKeyName { get throws(NodeError) { try OfficeKeyName(office: office, number: number) } }

    /// How many people it takes to open it.
    public var people: Int { layers.count }

    public init(path: String) throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw NodeError(
                .badInput, "\(path) cannot be read", advice: "name the office's key file with --key")
        }
        do {
            self = try JSONDecoder().decode(OfficeKeyFile.self, from: data)
        } catch {
            throw NodeError(.damaged, "\(path) is not an office's key file", advice: "take the copy from the safe")
        }
        guard format == 1, (1...2).contains(layers.count) else {
            throw NodeError(
                .newerFormat, "\(path) has format \(format), this program knows 1", advice: "install the newer simpul")
        }
    }

    /// Writes it for its user alone. An existing file is not replaced: what was sealed for it would be lost.
    public func save(_ path: String) throws {
        guard !FileManager.default.fileExists(atPath: path) else {
            throw NodeError(.exists, "\(path) is there already", advice: "choose another name")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try NodeFolder.write(try encoder.encode(self), to: path)
    }

    /// The secret key.
    ///
    /// - Parameter passphrases: in the order in which they were given.
    /// - Throws: `NodeError` `.denied`, which does not say which of two was wrong.
    func open(_ passphrases: [Passphrase]) throws -> Curve25519.KeyAgreement.PrivateKey {
        guard passphrases.count == layers.count else {
            throw NodeError(
                .denied, "this key takes \(layers.count) passphrases, \(passphrases.count) were given",
                advice: "open it with the second person present")
        }
        var box = self.box
        for position in layers.indices.reversed() {
            let key = try passphrases[position].key(salt: layers[position].salt, cost: layers[position].cost)
            guard let inner = Boxed.open(box, key, context: Self.context("\(office)/\(number)", position)) else {
                throw NodeError(
                    .denied, layers.count == 1 ? "the passphrase is wrong" : "one of the passphrases is wrong",
                    advice: "try again; nothing was opened")
            }
            box = inner
        }
        return try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: box)
    }

    private static func context(_ name: String, _ position: Int) -> String { "simpul-office/v1\n\(name)\n\(position)" }
}
