/// The bytes that the content of a JSON string stands for, one at a time, without allocating.
///
/// The content has been through `JSONScanner`; on anything else the decoder still ends and never reads outside it,
/// but what it yields means nothing.
struct JSONStringDecoder: IteratorProtocol {
    private let content: UnsafeBufferPointer<UInt8>
    private var at = 0
    /// Bytes of the last escape that have not been given out yet, lowest first.
    private var pending: UInt32 = 0

    init(_ content: UnsafeBufferPointer<UInt8>) {
        self.content = content
    }

    mutating func next() -> UInt8? {
        if pending != 0 {
            // U+0000 is never in a scanned string, so zero can mean "none left".
            let byte = UInt8(truncatingIfNeeded: pending)
            pending >>= 8
            return byte
        }
        guard at < content.count else { return nil }
        let byte = content[at]
        at += 1
        guard byte == UInt8(ascii: "\\"), at < content.count else { return byte }
        let escape = content[at]
        at += 1
        switch escape {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "u"): return scalar()
        default: return escape
        }
    }

    /// The first UTF-8 byte of a `\u` escape, which may be a surrogate pair; the others become pending.
    private mutating func scalar() -> UInt8? {
        var code = hexadecimal()
        if 0xD800..<0xDC00 ~= code {
            at += 2
            code = 0x10000 + (code - 0xD800) << 10 + (hexadecimal() & 0x3FF)
        }
        guard let scalar = Unicode.Scalar(code), let encoded = UTF8.encode(scalar) else { return next() }
        var bytes = encoded.makeIterator()
        let first = bytes.next()
        var shift: UInt32 = 0
        while let byte = bytes.next() {
            pending |= UInt32(byte) << shift
            shift += 8
        }
        return first
    }

    private mutating func hexadecimal() -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 where at < content.count {
            code = code << 4 | UInt32(JSONScanner.hexadecimal(content[at]) ?? 0)
            at += 1
        }
        return code
    }
}
