extension JSONScanner {
    private static let maximumInteger: UInt64 = 9_007_199_254_740_991
    /// What a binary64 number holds well enough to give the same digits back.
    private static let maximumDecimalDigits = 15

    mutating func number(_ base: UnsafePointer<UInt8>) throws(JSONError) {
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
