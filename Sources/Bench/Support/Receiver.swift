import Crypto
import Event
import Store
import Sync

/// A centre's store that receives frames as its server does: decoded, each line read strictly, stored durably with a
/// receipt and a line of the intake log.
///
/// The server itself takes lines as opaque leaves: strictness comes when meaning is read. It is included here since
/// receiving is to be measured with it.
final class Receiver {
    let store: LogStore
    private let decoder: FrameReader
    private var tape = JSONTape()
    /// Lines that were not strict: none are expected.
    private(set) var notStrict = 0

    init(folder: String) throws {
        let signer = Signer(
            node: try NodeName("pusat"), epoch: Epoch(bits: 1), key: Curve25519.Signing.PrivateKey())
        store = try LogStore(folder: folder, signer: signer)
        decoder = try FrameReader(limit: .max)
    }

    func receive(_ bytes: [UInt8], strictly: Bool = true) throws {
        try decoder.feed(bytes)
        while let content = try decoder.nextContent() {
            guard case .lines(let frame) = try Frame(content: content) else { continue }
            if strictly { scan(frame) }
            _ = try store.commit(frame, scope: .nation, stating: true)
        }
    }

    private func scan(_ frame: LinesFrame) {
        frame.content.withUnsafeBytes { content in
            for range in frame.ranges {
                do { try tape.scan(UnsafeRawBufferPointer(rebasing: content[range])) } catch { notStrict += 1 }
            }
        }
    }
}
