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
    private var at = 0

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
    private mutating func skipSpace(_ base: UnsafePointer<UInt8>) {
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
    private mutating func append(_ kind: JSONKind, start: Int) {
        let link = UInt32(truncatingIfNeeded: tokens.count + 1)
        tokens.append(JSONToken(kind, start: start, end: at, link: link))
    }

    private func unexpected(_ base: UnsafePointer<UInt8>) -> JSONError {
        if at >= end { return JSONError(.unexpectedEnd, at: end) }
        return JSONError(isRefusedNewline(base) ? .newline : .unexpectedByte, at: at)
    }

    private func isRefusedNewline(_ base: UnsafePointer<UInt8>) -> Bool {
        base[at] == UInt8(ascii: "\n") && !limits.allowsNewlines
    }
}

// MARK: - Numbers

extension JSONScanner {
    private static let maximumInteger: UInt64 = 9_007_199_254_740_991
    /// What a binary64 number holds well enough to give the same digits back.
    private static let maximumDecimalDigits = 15

    private mutating func number(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        let start = at
        let isNegative = base[at] == UInt8(ascii: "-")
        if isNegative { at += 1 }
        let first = at
        var magnitude: UInt64 = 0
        while let digit = JSONScanner.digit(base[at]) {
            // Wraps on absurd lengths, which the count of digits refuses below.
            magnitude = magnitude &* 10 &+ digit
            at += 1
        }
        let digits = at - first
        if digits == 0 { throw unexpected(base) }
        if digits > 1, base[first] == UInt8(ascii: "0") { throw JSONError(.leadingZero, at: first) }
        if base[at] == UInt8(ascii: ".") {
            return try decimal(base, start: start, first: first, isNegative: isNegative)
        }
        try refuseExponent(base)
        if digits > 16 || magnitude > JSONScanner.maximumInteger {
            throw JSONError(.integerRange, at: start)
        }
        if isNegative, magnitude == 0 { throw JSONError(.negativeZero, at: start) }
        append(.integer, start: start)
    }

    /// Goes on from the decimal point.
    private mutating func decimal(
        _ base: UnsafePointer<UInt8>, start: Int, first: Int, isNegative: Bool
    ) throws(JSONError) {
        at += 1
        let fraction = at
        while JSONScanner.digit(base[at]) != nil { at += 1 }
        if at == fraction { throw unexpected(base) }
        try refuseExponent(base)
        var significant = 0
        for position in first..<at where base[position] != UInt8(ascii: ".") {
            if significant > 0 || base[position] != UInt8(ascii: "0") { significant += 1 }
        }
        if significant > JSONScanner.maximumDecimalDigits {
            throw JSONError(.decimalDigits, at: start)
        }
        if isNegative, significant == 0 { throw JSONError(.negativeZero, at: start) }
        append(.decimal, start: start)
    }

    private func refuseExponent(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        if base[at] | 0x20 == UInt8(ascii: "e") { throw JSONError(.exponent, at: at) }
    }

    @inline(__always)
    private static func digit(_ byte: UInt8) -> UInt64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? UInt64(value) : nil
    }
}

// MARK: - Strings

extension JSONScanner {
    /// Reads a string whose opening quote is here, and appends its token.
    @inline(__always)
    private mutating func string(_ base: UnsafePointer<UInt8>, isKey: Bool) throws(JSONError) {
        at += 1
        let start = at
        var hasEscapes = false
        while true {
            at += JSONScanner.plainBytes(base + at)
            let byte = base[at]
            if byte == UInt8(ascii: "\"") { break }
            if byte >= 0x80 {
                try multibyte(base)
            } else if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                try escape(base)
            } else {
                throw control(base)
            }
        }
        let link =
            isKey
            ? JSONScanner.digest(base + start, count: at - start)
            : UInt32(truncatingIfNeeded: tokens.count + 1)
        tokens.append(JSONToken(.string, start: start, end: at, link: link, hasEscapes: hasEscapes))
        at += 1
    }

    /// How many bytes from here stand for themselves: no quote, backslash, control or non-ASCII byte.
    ///
    /// Looks at eight bytes at a time. In each term the high bit of a byte is set if that byte is meant; a borrow
    /// can set it wrongly only above a byte that is meant, and only the lowest one counts.
    @inline(__always)
    private static func plainBytes(_ start: UnsafePointer<UInt8>) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var count = 0
        while true {
            let word = load(start + count)
            let quote = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
            let backslash = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
            let quotes = (quote &- ones) & ~quote
            let backslashes = (backslash &- ones) & ~backslash
            let controls = (word &- ones &* 0x20) & ~word
            let special = (quotes | backslashes | controls | word) & (ones &* 0x80)
            if special != 0 { return count + special.trailingZeroBitCount >> 3 }
            count += 8
        }
    }

    @inline(__always)
    private static func load(_ start: UnsafePointer<UInt8>) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self))
    }

    private func control(_ base: UnsafePointer<UInt8>) -> JSONError {
        if at >= end { return JSONError(.unexpectedEnd, at: end) }
        if base[at] == 0 { return JSONError(.nullCharacter, at: at) }
        return JSONError(isRefusedNewline(base) ? .newline : .controlCharacter, at: at)
    }

    /// Checks one UTF-8 sequence of two to four bytes (RFC 3629: shortest form, no surrogates, ≤ U+10FFFF).
    private mutating func multibyte(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        let start = at
        let lead = base[at]
        let length: Int
        var scalar: UInt32
        let smallest: UInt32
        switch lead {
        case 0xC2...0xDF: (length, scalar, smallest) = (2, UInt32(lead & 0x1F), 0x80)
        case 0xE0...0xEF: (length, scalar, smallest) = (3, UInt32(lead & 0x0F), 0x800)
        case 0xF0...0xF4: (length, scalar, smallest) = (4, UInt32(lead & 0x07), 0x10000)
        default: throw JSONError(.invalidUTF8, at: start)
        }
        for offset in 1..<length {
            let byte = base[start + offset]
            guard byte & 0xC0 == 0x80 else { throw JSONError(.invalidUTF8, at: start) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        if scalar < smallest || scalar > 0x10FFFF || 0xD800...0xDFFF ~= scalar {
            throw JSONError(.invalidUTF8, at: start)
        }
        if JSONScanner.isNoncharacter(scalar) { throw JSONError(.noncharacter, at: start) }
        at += length
    }

    /// Checks one escape, a surrogate pair counting as one.
    private mutating func escape(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        let start = at
        at += 1
        switch base[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
            UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            at += 1
            var scalar = try codeUnit(base)
            if 0xD800...0xDBFF ~= scalar {
                guard base[at] == UInt8(ascii: "\\"), base[at + 1] == UInt8(ascii: "u") else {
                    throw at < end ? JSONError(.loneSurrogate, at: start) : unexpected(base)
                }
                at += 2
                let low = try codeUnit(base)
                guard 0xDC00...0xDFFF ~= low else { throw JSONError(.loneSurrogate, at: start) }
                scalar = 0x10000 + (scalar - 0xD800) << 10 + (low - 0xDC00)
            } else if 0xDC00...0xDFFF ~= scalar {
                throw JSONError(.loneSurrogate, at: start)
            }
            if scalar == 0 { throw JSONError(.nullCharacter, at: start) }
            if JSONScanner.isNoncharacter(scalar) { throw JSONError(.noncharacter, at: start) }
        default:
            throw at < end ? JSONError(.invalidEscape, at: start) : unexpected(base)
        }
    }

    /// The four hexadecimal digits of a `\u` escape.
    private mutating func codeUnit(_ base: UnsafePointer<UInt8>) throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let value = JSONScanner.hexadecimal(base[at]) else {
                throw at < end ? JSONError(.invalidEscape, at: at) : unexpected(base)
            }
            unit = unit << 4 | UInt32(value)
            at += 1
        }
        return unit
    }

    /// The value of a hexadecimal digit of either case.
    static func hexadecimal(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func isNoncharacter(_ scalar: UInt32) -> Bool {
        scalar & 0xFFFE == 0xFFFE || 0xFDD0...0xFDEF ~= scalar
    }
}

// MARK: - Duplicate keys

extension JSONScanner {
    /// Up to this many members each key is compared with those before it; beyond, keys are sorted when the object
    /// closes, so that the cost of a hostile object stays n·log n.
    private static let pairwiseMembers = 32

    private mutating func refuseDuplicateOfLastKey(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        let depth = frames.count - 1
        frames[depth].members += 1
        guard frames[depth].members <= JSONScanner.pairwiseMembers else { return }
        let last = tokens.count - 1
        let lastKey = tokens[last]
        var index = frames[depth].token + 1
        while index < last {
            let earlier = tokens[index]
            let mayBeEqual = earlier.link == lastKey.link || earlier.hasEscapes || lastKey.hasEscapes
            if mayBeEqual, JSONScanner.areEqual(earlier, lastKey, base) {
                throw JSONError(.duplicateKey, at: Int(lastKey.start) - 1)
            }
            index = Int(tokens[index + 1].link)
        }
    }

    private func refuseDuplicates(in frame: Frame, _ base: UnsafePointer<UInt8>) throws(JSONError) {
        var keys: [JSONToken] = []
        keys.reserveCapacity(frame.members)
        var index = frame.token + 1
        while index < tokens.count {
            keys.append(tokens[index])
            index = Int(tokens[index + 1].link)
        }
        keys.sort { JSONScanner.isLess($0, $1, base) }
        var firstRepeat: UInt32?
        for (left, right) in zip(keys, keys.dropFirst()) where JSONScanner.areEqual(left, right, base) {
            firstRepeat = min(firstRepeat ?? .max, max(left.start, right.start))
        }
        if let firstRepeat { throw JSONError(.duplicateKey, at: Int(firstRepeat) - 1) }
    }

    private static func areEqual(
        _ left: JSONToken, _ right: JSONToken, _ base: UnsafePointer<UInt8>
    ) -> Bool {
        if !left.hasEscapes, !right.hasEscapes {
            let count = left.range.count
            guard count == right.range.count else { return false }
            for offset in 0..<count where base[Int(left.start) + offset] != base[Int(right.start) + offset] {
                return false
            }
            return true
        }
        return content(left, base).elementsEqual(content(right, base))
    }

    private static func isLess(
        _ left: JSONToken, _ right: JSONToken, _ base: UnsafePointer<UInt8>
    ) -> Bool {
        content(left, base).lexicographicallyPrecedes(content(right, base))
    }

    private static func content(
        _ token: JSONToken, _ base: UnsafePointer<UInt8>
    ) -> IteratorSequence<JSONStringDecoder> {
        IteratorSequence(
            JSONStringDecoder(UnsafeBufferPointer(start: base + Int(token.start), count: token.range.count)))
    }

    /// A digest of a key from its length and up to sixteen of its bytes. Equal keys have equal digests; different
    /// keys nearly always different ones, and are compared in full where not.
    @inline(__always)
    private static func digest(_ start: UnsafePointer<UInt8>, count: Int) -> UInt32 {
        var word: UInt64
        if count >= 8 {
            word = load(start) ^ (load(start + count - 8) &* 0x9E37_79B9_7F4A_7C15)
        } else {
            word = load(start) & ((1 << UInt64(count * 8)) - 1)
        }
        word = (word ^ UInt64(count)) &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: word >> 32)
    }
}
