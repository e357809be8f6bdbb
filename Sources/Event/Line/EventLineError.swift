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

    /// A stable code: that of the JSON rule broken, or `not-an-object`, `missing-attribute`, `wrong-form`.
    public var code: String {
        switch reason {
        case .malformed(let reason): reason.rawValue
        case .notAnObject: "not-an-object"
        case .missing: "missing-attribute"
        case .wrongForm: "wrong-form"
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
