import Event
import TransparencyLog

/// Reads a bundle's bytes, fed in order, to its seal.
///
/// Used twice on one file: first to check the whole before anything is applied, then to apply it. Both runs end with
/// the same digest, or the file changed in between.
public final class BundleReader {
    /// What a bundle says of itself, as far as it was read.
    public struct Summary: Sendable {
        public let header: BundleHeader
        public var holds: [TableRow] = []
        public var needs: [TableRow] = []
        public var brings: [TableRow] = []
        public var lines = 0
        public var receipts = 0
        public var shares = 0
        public var frames: Int64 = 0
        public var digest: [UInt8] = []
        /// The seal was there, and is over these frames. Whose it is, `isSigned` says.
        public var isWhole = false
        fileprivate var signature: [UInt8] = []

        /// Whether the maker's key signed the seal.
        public func isSigned(_ verify: (_ signature: [UInt8], _ text: [UInt8]) -> Bool) -> Bool {
            isWhole
                && verify(
                    signature,
                    BundleSeal.text(node: header.node, epoch: header.epoch, frames: frames, digest: digest))
        }
    }

    public enum Item: Sendable {
        case lines(LinesFrame)
        case receipt(Receipt)
        case share(KeyShare)
    }

    private let reader: FrameReader
    private var digest = BundleDigest()
    private var seal: BundleSeal?
    private var read: Summary?
    private var rowsRead = 0
    /// Rows are kept in memory: three lists of a hub with a thousand villages fit well below.
    private static let maximumRows = 65_536
    private let onItem: (Item) throws -> Void

    /// - Parameter onItem: called for each part in the file's order.
    public init(onItem: @escaping (Item) throws -> Void = { _ in }) throws(FrameError) {
        reader = try FrameReader(limit: Int.max)
        self.onItem = onItem
    }

    /// - Throws: `BundleError`, or what `onItem` threw.
    public func feed(_ bytes: some Collection<UInt8>) throws {
        do {
            try reader.feed(bytes)
            while let content = try reader.nextContent() { try take(content) }
        } catch let error as FrameError {
            guard read != nil else { throw BundleError.notABundle(error.detail) }
            throw BundleError.altered("frame \(digest.frames + 1): \(error.detail)")
        }
    }

    /// At the end of the file: what was read, whole or cut.
    public func finish() throws -> Summary {
        guard var summary = read else { throw BundleError.notABundle("it has no first record") }
        summary.frames = digest.frames
        summary.digest = digest.finished()
        guard let seal else { return summary }
        guard !reader.isMidFrame else { throw BundleError.altered("something stands after its seal") }
        guard seal.frames == summary.frames, seal.digest == summary.digest else {
            throw BundleError.altered("its frames are not those that its seal is over")
        }
        summary.isWhole = true
        summary.signature = seal.signature
        return summary
    }

    private func take(_ content: [UInt8]) throws {
        guard seal == nil else { throw BundleError.altered("something stands after its seal") }
        let frame = try Frame(content: content)
        guard read != nil else {
            guard case .control(let records) = frame, let first = records.first else {
                throw FrameError(.malformed, "it starts with lines")
            }
            read = Summary(header: try BundleHeader(json: first))
            try take(records.dropFirst())
            return digest.add(content)
        }
        if case .control(let records) = frame, let first = records.first, first["seal"] != nil {
            guard records.count == 1 else { throw FrameError(.malformed, "a seal stands alone in its frame") }
            // Not part of what it is over.
            seal = try BundleSeal(json: first)
            return
        }
        switch frame {
        case .lines(let lines):
            read?.lines += lines.count
            try onItem(.lines(lines))
        case .control(let records): try take(records[...])
        }
        digest.add(content)
    }

    private func take(_ records: ArraySlice<JSON>) throws {
        for record in records {
            if let kind = record["rows"]?.stringValue.flatMap(BundleRows.init) {
                let rows = try TableRow.list(record["list"])
                switch kind {
                case .holds: read?.holds += rows
                case .needs: read?.needs += rows
                case .brings: read?.brings += rows
                }
                rowsRead += rows.count
                guard rowsRead <= Self.maximumRows else {
                    throw FrameError(.tooLarge, "more than \(Self.maximumRows) rows")
                }
            } else if let receipt = try? Receipt(json: record) {
                read?.receipts += 1
                try onItem(.receipt(receipt))
            } else if let share = try? KeyShare(json: record) {
                read?.shares += 1
                try onItem(.share(share))
            }
            // Records of a later version are passed over.
        }
    }
}
