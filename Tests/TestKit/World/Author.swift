import Crypto
import Event
import Foundation
import Node
import Store
import Sync
import TransparencyLog

/// A writer of one log without a store: lines, tree and checkpoints made from the definitions, so that what a store
/// does with them can be compared.
public struct Author: Sendable {
    public let enrolment: Enrolment
    public let key: Curve25519.Signing.PrivateKey
    public let log: LogName
    public private(set) var lines: [[UInt8]] = []

    public init(
        _ node: String = "lontar-a", region: String = "36.04.13.2007", audience: String? = nil, lane: String = "main",
        epoch: Epoch = .random()
    ) throws {
        key = Curve25519.Signing.PrivateKey()
        let name = try NodeName(node)
        enrolment = Enrolment(
            node: name, epoch: epoch, region: try RegionCode(region), edition: "2025-2430", role: .village,
            sign: key.publicKey.rawRepresentation,
            wrap: Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation)
        log = LogName(
            node: name, audience: .region(try RegionCode(audience ?? region)), lane: try Lane(lane), epoch: epoch)
    }

    /// A further log of a node that exists, written past its store.
    public init(as node: Node, audience: RegionCode? = nil, lane: String) throws {
        (key, enrolment) = (node.keys.sign, node.own)
        log = LogName(
            node: node.own.node, audience: .region(audience ?? node.own.region), lane: try Lane(lane),
            epoch: node.own.epoch)
    }

    public var size: Int64 { Int64(lines.count) }

    /// Adds lines; without text they are short and all different.
    public mutating func write(_ count: Int, _ text: (Int) -> String = { "line \($0)" }) {
        for _ in 0..<count { lines.append(Array(text(lines.count).utf8)) }
    }

    public mutating func write(bytes: [UInt8]) { lines.append(bytes) }

    /// The author as it was when it had written so many lines: what a restored backup is.
    public func restored(to size: Int) -> Author {
        var copy = self
        copy.lines = Array(lines.prefix(size))
        return copy
    }

    public func edge(_ size: Int64) -> TreeEdge {
        var edge = TreeEdge()
        for line in lines.prefix(Int(size)) { edge.append(leaf: Hash.leaf(line)) }
        return edge
    }

    public func checkpoint(_ size: Int64) throws -> String {
        try Signer(node: enrolment.node, epoch: enrolment.epoch, key: key)
            .checkpoint(log, size: size, root: edge(size).root)
    }

    /// Lines `from..<end` under the checkpoint of `under` lines (nil: of `end`).
    public func frame(_ from: Int64, _ end: Int64, under: Int64? = nil) throws -> LinesFrame {
        let under = under ?? end
        let leaves = lines.map { Hash.leaf($0) }
        let proof = under == end ? [] : MerkleProof.consistency(from: end, to: under) { leaves[Int($0)] } ?? []
        return LinesFrame(
            log: log, from: from, lines: Array(lines[Int(from)..<Int(end)]), note: try checkpoint(under), proof: proof)
    }
}
