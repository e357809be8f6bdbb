/// Why bytes are not an event line.
public struct EventLineError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// Not strict JSON at all.
        case malformed(JSONError.Reason)
        /// JSON, but no object.
        case notAnObject
        case missing(EventAttribute)
        /// The attribute is there, but not written as it must be.
        case wrongForm(EventAttribute)
    }

    public var reason: Reason
    /// Where, in bytes from the start of the line; the line's end where something is missing.
    public var offset: Int

    init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    init(_ error: JSONError) {
        self.init(.malformed(error.reason), at: error.offset)
    }

    /// The protocol's code for it, coarser than `reason`.
    public var code: String {
        switch reason {
        case .malformed(let reason): reason.protocolCode
        case .missing: "missing-attribute"
        case .notAnObject, .wrongForm: "bad-attribute"
        }
    }

    public var description: String {
        switch reason {
        case .malformed(let reason): "The line is malformed at byte \(offset): \(reason.sentence)"
        case .notAnObject: "The line is JSON but no event: an event is an object."
        case .missing(let attribute):
            "The line has no “\(attribute.rawValue)”; an event must have one (\(attribute.rule))."
        case .wrongForm(let attribute):
            "The line's “\(attribute.rawValue)” at byte \(offset) is not written as it must be: \(attribute.rule)."
        }
    }
}

extension JSONError.Reason {
    /// The protocol's code for a line that is no strict JSON.
    var protocolCode: String {
        switch self {
        case .tooLong: "too-large"
        case .tooDeep: "too-deep"
        case .invalidUTF8: "not-utf8"
        case .duplicateKey: "duplicate-key"
        case .nullCharacter, .loneSurrogate, .noncharacter: "bad-string"
        case .leadingZero, .negativeZero, .exponent, .integerRange, .decimalDigits: "bad-number"
        case .empty, .unexpectedEnd, .unexpectedByte, .trailingBytes, .newline, .byteOrderMark,
            .controlCharacter, .invalidEscape:
            "malformed-json"
        }
    }
}
