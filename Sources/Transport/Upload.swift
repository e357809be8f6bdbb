/// The way up: cuts what the body's producer hands out into pieces of the size libcurl takes.
struct Upload {
    enum Piece {
        case bytes(Int)
        case pause, end
    }

    private let body: HTTPBody
    private var chunk: [UInt8]
    private var offset = 0
    private var produced: Int64 = 0

    init(_ body: HTTPBody) {
        self.body = body
        if case .bytes(let bytes) = body { chunk = bytes } else { chunk = [] }
    }

    /// Bytes in all, if known before they are sent.
    var length: Int64? {
        switch body {
        case .none: 0
        case .bytes(let bytes): Int64(bytes.count)
        case .stream(let length, _): length
        }
    }

    /// Starts again from the first byte, where that is possible.
    mutating func rewind() -> Bool {
        if case .stream = body, produced > 0 { return false }
        offset = 0
        return true
    }

    mutating func fill(_ target: UnsafeMutableRawBufferPointer) throws -> Piece {
        while offset == chunk.count {
            switch try next() {
            case .chunk(let bytes):
                chunk = bytes
                offset = 0
            case .wait: return .pause
            case .end: return .end
            }
        }
        let count = min(target.count, chunk.count - offset)
        chunk.withUnsafeBytes { target.copyMemory(from: .init(rebasing: $0[offset..<offset + count])) }
        offset += count
        return .bytes(count)
    }

    private mutating func next() throws -> HTTPBody.Step {
        guard case .stream(let length, let producer) = body else { return .end }
        let step = try producer()
        if case .chunk(let bytes) = step { produced += Int64(bytes.count) }
        guard let length else { return step }
        if case .end = step, produced < length {
            throw TransportError.Kind.invalidRequest("the body ended at \(produced) of \(length) bytes")
        }
        if produced > length {
            throw TransportError.Kind.invalidRequest("the body goes on after \(length) bytes")
        }
        return step
    }
}
