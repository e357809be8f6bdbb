/// Something wrong or doubtful in what was entered: where, what, and what to do about it.
public struct Problem: Sendable, Hashable {
    public enum Severity: Sendable, Hashable {
        /// The record cannot be saved.
        case error
        /// Saved all the same; shown so that a person can look again.
        case warning
    }

    public var severity: Severity
    /// RFC 6901 pointer into `data`, e.g. `/topics/1`; empty: the whole of it.
    public var path: String
    public var what: LocalizedText
    public var fix: LocalizedText

    public init(severity: Severity = .error, path: String, what: LocalizedText, fix: LocalizedText) {
        self.severity = severity
        self.path = path
        self.what = what
        self.fix = fix
    }
}
