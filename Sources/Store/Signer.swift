import Crypto
import Event
import TransparencyLog

/// What a node signs with: one Ed25519 key for one epoch, one copy of one disk.
public struct Signer: Sendable {
    public let node: NodeName
    public let epoch: Epoch
    public let key: Curve25519.Signing.PrivateKey

    public init(node: NodeName, epoch: Epoch, key: Curve25519.Signing.PrivateKey) {
        self.node = node
        self.epoch = epoch
        self.key = key
    }

    /// The author's log for `audience` and `lane` in this epoch.
    public func log(_ audience: Audience, lane: Lane) -> LogName {
        LogName(node: node, audience: audience, lane: lane, epoch: epoch)
    }

    /// A checkpoint of one of this author's logs, as a signed note.
    public func checkpoint(_ log: LogName, size: Int64, root: Hash) throws -> String {
        let checkpoint = Checkpoint(origin: log.origin, size: size, root: root)
        return try NoteSigner(name: log.origin, key: key).note(checkpoint.text).description
    }

    /// The name under which this node signs receipts.
    public var cosignerName: String { Self.cosignerName(node: node, epoch: epoch) }

    public static func cosignerName(node: NodeName, epoch: Epoch) -> String { "simpul/\(node)/\(epoch)" }
}

extension LogName {
    /// The checkpoint origin, also the note key name, of this log.
    public var origin: String { "simpul/\(self)" }
}
