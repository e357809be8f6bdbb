/// Why bytes were refused as strict JSON, and where.
///
/// The reader is deliberately narrower than RFC 8259: it takes the I-JSON profile (RFC 7493) with the numbers
/// every SQL engine and language can hold exactly, so that no two readers ever understand one line differently.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule that was broken. Raw values are stable, for tests and for telling rules apart in reports.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case empty
        case tooLong = "too-long"
        case tooDeep = "too-deep"
        case unexpectedEnd = "unexpected-end"
        case unexpectedByte = "unexpected-byte"
        case trailingBytes = "trailing-bytes"
        case newline
        case byteOrderMark = "byte-order-mark"
        case invalidUTF8 = "invalid-utf8"
        case noncharacter
        case nullCharacter = "null-character"
        case controlCharacter = "control-character"
        case invalidEscape = "invalid-escape"
        case loneSurrogate = "lone-surrogate"
        case duplicateKey = "duplicate-key"
        case leadingZero = "leading-zero"
        case negativeZero = "negative-zero"
        case exponent
        case integerRange = "integer-range"
        case decimalDigits = "decimal-digits"
    }

    public var reason: Reason
    /// The offset, in bytes from the start of the input, of the first byte that cannot be accepted.
    public var offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    public var description: String {
        "Not acceptable JSON at byte \(offset): \(reason.sentence)"
    }
}

extension JSONError.Reason {
    /// What is wrong, in a plain sentence that also says what would be right.
    public var sentence: String {
        switch self {
        case .empty: "there is no value."
        case .tooLong: "the text is longer than is allowed here."
        case .tooDeep: "objects and arrays are nested deeper than is allowed here."
        case .unexpectedEnd: "the text ends before the value does."
        case .unexpectedByte: "this byte cannot stand here."
        case .trailingBytes: "something follows the value; one text holds exactly one value."
        case .newline: "a line must not contain a newline."
        case .byteOrderMark: "the text starts with a byte order mark; leave it out."
        case .invalidUTF8: "the bytes are not valid UTF-8."
        case .noncharacter: "the string holds a Unicode noncharacter, which I-JSON does not allow."
        case .nullCharacter: "the string holds U+0000, which databases cannot store."
        case .controlCharacter: "a control character must be written as an escape."
        case .invalidEscape: "this escape is not one of JSON's."
        case .loneSurrogate: "the string holds half of a surrogate pair."
        case .duplicateKey: "this key appears twice in one object."
        case .leadingZero: "a number must not start with a needless zero."
        case .negativeZero: "zero has no sign; write 0."
        case .exponent: "numbers must not use an exponent; write the digits out."
        case .integerRange: "the integer is outside ±9007199254740991."
        case .decimalDigits: "the decimal has more than 15 significant digits."
        }
    }
}
