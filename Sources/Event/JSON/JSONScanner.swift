/// The one strict reader: bytes in, tokens out.
///
/// Invariants:
/// * The text is followed by `padding` zero bytes. Zero is accepted nowhere, so no check of the end is needed
///   before a byte is looked at; where one is refused, `at >= end` tells "ends too early" from "is wrong".
/// * `at` never passes `end` by more than the bytes of one escape or one UTF-8 sequence.
/// * Nesting is kept in `frames`, not on the call stack.
struct JSONScanner {
    static let padding = 16

    /// An object or array that is still open.
    struct Frame: Sendable {
        var token: Int
        var members: Int
    }

    let limits: JSONLimits
    let end: Int
    var tokens: [JSONToken]
    var frames: [Frame]
    var at = 0

    init(limits: JSONLimits, end: Int, tokens: [JSONToken], frames: [Frame]) {
        self.limits = limits
        self.end = end
        self.tokens = tokens
        self.frames = frames
    }

    mutating func scan(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        frames.removeAll(keepingCapacity: true)
        if base[0] == 0xEF, base[1] == 0xBB, base[2] == 0xBF { throw JSONError(.byteOrderMark, at: 0) }
        skipSpace(base)
        if at >= end { throw JSONError(.empty, at: end) }
        repeat {
            if try openOrScalar(base) { continue }
            try closeOrContinue(base)
        } while !frames.isEmpty
        skipSpace(base)
        if at < end {
            throw isRefusedNewline(base) ? JSONError(.newline, at: at) : JSONError(.trailingBytes, at: at)
        }
    }
}

// MARK: - Structure

extension JSONScanner {
    /// Reads the value that starts here. True when it opened an object or array that has something inside, so that
    /// another value follows directly.
    @inline(__always)
    private mutating func openOrScalar(_ base: UnsafePointer<UInt8>) throws(JSONError) -> Bool {
        skipSpace(base)
        switch base[at] {
        case UInt8(ascii: "\""):
            try string(base, isKey: false)
        case UInt8(ascii: "{"):
            try open(.object)
            skipSpace(base)
            if base[at] != UInt8(ascii: "}") {
                try key(base)
                return true
            }
        case UInt8(ascii: "["):
            try open(.array)
            skipSpace(base)
            return base[at] != UInt8(ascii: "]")
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            try number(base)
        case UInt8(ascii: "t"): try literal("true", .true, base)
        case UInt8(ascii: "f"): try literal("false", .false, base)
        case UInt8(ascii: "n"): try literal("null", .null, base)
        default: throw unexpected(base)
        }
        return false
    }

    /// After a value: closes what ends here, and stops in front of the next value.
    @inline(__always)
    private mutating func closeOrContinue(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        while let frame = frames.last {
            skipSpace(base)
            let isObject = tokens[frame.token].kind == .object
            switch base[at] {
            case UInt8(ascii: ","):
                at += 1
                guard isObject else { return }
                skipSpace(base)
                return try key(base)
            case UInt8(ascii: "}") where isObject, UInt8(ascii: "]") where !isObject:
                at += 1
                if frame.members > JSONScanner.pairwiseMembers { try refuseDuplicates(in: frame, base) }
                tokens[frame.token].end = UInt32(truncatingIfNeeded: at)
                tokens[frame.token].link = UInt32(truncatingIfNeeded: tokens.count)
                frames.removeLast()
            default: throw unexpected(base)
            }
        }
    }

    @inline(__always)
    private mutating func open(_ kind: JSONKind) throws(JSONError) {
        if frames.count >= limits.maximumDepth { throw JSONError(.tooDeep, at: at) }
        frames.append(Frame(token: tokens.count, members: 0))
        tokens.append(JSONToken(kind, start: at))
        at += 1
    }

    @inline(__always)
    private mutating func key(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        guard base[at] == UInt8(ascii: "\"") else { throw unexpected(base) }
        try string(base, isKey: true)
        try refuseDuplicateOfLastKey(base)
        skipSpace(base)
        guard base[at] == UInt8(ascii: ":") else { throw unexpected(base) }
        at += 1
    }

    @inline(__always)
    mutating func skipSpace(_ base: UnsafePointer<UInt8>) {
        while true {
            switch base[at] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
            case UInt8(ascii: "\n") where limits.allowsNewlines: at += 1
            default: return
            }
        }
    }

    private mutating func literal(
        _ word: StaticString, _ kind: JSONKind, _ base: UnsafePointer<UInt8>
    ) throws(JSONError) {
        let start = at
        for offset in 0..<word.utf8CodeUnitCount {
            guard base[at] == word.utf8Start[offset] else { throw unexpected(base) }
            at += 1
        }
        append(kind, start: start)
    }

    @inline(__always)
    mutating func append(_ kind: JSONKind, start: Int) {
        let link = UInt32(truncatingIfNeeded: tokens.count + 1)
        tokens.append(JSONToken(kind, start: start, end: at, link: link))
    }

    func unexpected(_ base: UnsafePointer<UInt8>) -> JSONError {
        if at >= end { return JSONError(.unexpectedEnd, at: end) }
        return JSONError(isRefusedNewline(base) ? .newline : .unexpectedByte, at: at)
    }

    func isRefusedNewline(_ base: UnsafePointer<UInt8>) -> Bool {
        base[at] == UInt8(ascii: "\n") && !limits.allowsNewlines
    }
}
