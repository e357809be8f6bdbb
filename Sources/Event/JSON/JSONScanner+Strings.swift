extension JSONScanner {
    /// Reads a string whose opening quote is here, and appends its token.
    @inline(__always)
    mutating func string(_ base: UnsafePointer<UInt8>, isKey: Bool) throws(JSONError) {
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
    static func load(_ start: UnsafePointer<UInt8>) -> UInt64 {
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
