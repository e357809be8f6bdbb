/// Turns the bytes of a body, fed as they arrive, into frames.
///
/// A frame is returned only when whole: a cut body gives the frames before the cut and nothing of the one it cut.
public final class FrameReader {
    private var decoder: ZstdFrameDecoder
    private var pending: [UInt8] = []
    private var offset = 0
    private var received = 0
    private var frames = 0
    private let limit: Int

    /// - Parameter limit: compressed bytes this body may have.
    public init(limit: Int = Limits.requestBytes) throws(FrameError) {
        self.limit = limit
        self.decoder = try ZstdFrameDecoder()
    }

    /// Whether the bytes so far end inside a frame: at the end of a body that means it was cut.
    public var isMidFrame: Bool { decoder.isMidFrame || offset < pending.count }

    /// Adds bytes; call `next` until it gives nil.
    public func feed(_ bytes: some Collection<UInt8>) throws(FrameError) {
        received += bytes.count
        guard received <= limit else {
            throw FrameError(.tooLarge, "the body is larger than \(limit) bytes; send the rest in another request")
        }
        if offset == pending.count {
            pending.removeAll(keepingCapacity: true)
            offset = 0
        }
        pending.append(contentsOf: bytes)
    }

    /// The content of the next whole frame, or nil when more bytes are needed.
    public func nextContent() throws(FrameError) -> [UInt8]? {
        guard let content = try decoder.next(pending, offset: &offset) else {
            return nil
        }
        frames += 1
        guard frames <= Limits.requestFrames else {
            throw FrameError(.tooLarge, "more than \(Limits.requestFrames) frames in one body")
        }
        return content
    }

    /// The next whole frame, or nil when more bytes are needed.
    public func next() throws(FrameError) -> Frame? {
        guard let content = try nextContent() else { return nil }
        return try Frame(content: content)
    }
}
