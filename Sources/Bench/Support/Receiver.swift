import Crypto
import Event
import Store
import Sync

/// One session's receiving, as a server does it: frames decoded, each line read strictly, stored durably with a
/// receipt and a line of the intake log.
///
/// The server itself takes lines as opaque leaves: strictness comes when meaning is read. It is included here since
/// receiving is to be measured with it.
final class Receiver {
    private let store: LogStore
    private let decoder: FrameReader
    private var tape = JSONTape()

    init(store: LogStore) throws {
        self.store = store
        decoder = try FrameReader(limit: .max)
    }

    /// A store of a centre that does not exist.
    static func store(folder: String) throws -> LogStore {
        let signer = Signer(
            node: try NodeName("pusat"), epoch: Epoch(bits: 1), key: Curve25519.Signing.PrivateKey())
        return try LogStore(folder: folder, signer: signer)
    }

    /// - Throws: also where a line is not strict: none of these is expected to be.
    func receive(_ bytes: [UInt8]) throws {
        try decoder.feed(bytes)
        while let content = try decoder.nextContent() {
            guard case .lines(let frame) = try Frame(content: content) else { continue }
            try scan(frame)
            _ = try store.commit(frame, scope: .nation, stating: true)
        }
    }

    private func scan(_ frame: LinesFrame) throws {
        try frame.content.withUnsafeBytes { content in
            for range in frame.ranges { try tape.scan(UnsafeRawBufferPointer(rebasing: content[range])) }
        }
    }
}
