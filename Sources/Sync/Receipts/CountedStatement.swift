import Event
import TransparencyLog

/// The text of a `counted` receipt (`protocol/05-receipts.md`): what a centre's read models have taken in.
public struct CountedStatement: Sendable, Hashable {
    public struct Exception: Sendable, Hashable {
        public let first: Int64
        public let last: Int64
        /// A code such as `unknown-type`; no spaces.
        public let reason: String

        public init(first: Int64, last: Int64, reason: String) {
            self.first = first
            self.last = last
            self.reason = reason
        }
    }

    public let log: LogName
    /// Lines before this sequence are counted, except `exceptions`.
    public let size: Int64
    /// Version of the models that counted them.
    public let models: String
    public let exceptions: [Exception]
    /// Of the log at `size`: which history it is about. Nil in a statement of an earlier version.
    public var root: Hash?

    public init(log: LogName, size: Int64, models: String, exceptions: [Exception], root: Hash? = nil) {
        self.log = log
        self.size = size
        self.models = models
        self.exceptions = exceptions
        self.root = root
    }

    public var text: String {
        var text = "simpul/counted/v1\n\(log)\n\(size)\n\(models)\n"
        if let root { text += "root \(root.base64)\n" }
        for exception in exceptions { text += "except \(exception.first)-\(exception.last) \(exception.reason)\n" }
        return text
    }

    /// Nil when the text has another form.
    public init?(text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 5, lines.removeLast().isEmpty, lines[0] == "simpul/counted/v1",
            let log = try? LogName(lines[1]), let size = Self.number(lines[2]), Self.isModels(lines[3])
        else { return nil }
        var root: Hash?
        if lines.count > 4, lines[4].hasPrefix("root ") {
            guard let stated = Hash(base64: String(lines[4].dropFirst(5))) else { return nil }
            root = stated
        }
        var exceptions: [Exception] = []
        for line in lines.dropFirst(root == nil ? 4 : 5) {
            let after = exceptions.last?.last ?? -1
            guard let exception = Exception(line), after < exception.first, exception.last < size else { return nil }
            exceptions.append(exception)
        }
        self.init(log: log, size: size, models: lines[3], exceptions: exceptions, root: root)
    }

    /// Decimal without leading zeros, at most 2^40.
    fileprivate static func number(_ text: some StringProtocol) -> Int64? {
        guard let value = Int64(text), value >= 0, value <= Limits.logLines, String(value) == text else { return nil }
        return value
    }

    private static func isModels(_ text: String) -> Bool {
        let punctuation = Array("._:-".utf8)
        return 1...64 ~= text.utf8.count && text.utf8.allSatisfy { $0.isLetterOrDigit || punctuation.contains($0) }
    }

    /// Why the line is not counted yet, or nil when it is. `size` must be past `sequence`.
    public func exception(at sequence: Int64) -> String? {
        exceptions.first { $0.first <= sequence && sequence <= $0.last }?.reason
    }
}

extension CountedStatement.Exception {
    /// Reads `except FIRST-LAST REASON`; nil where the line has another form or the run goes backwards.
    fileprivate init?(_ line: String) {
        let parts = line.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "except" else { return nil }
        let run = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        let reason = parts[2].utf8
        guard run.count == 2, let first = CountedStatement.number(run[0]), let last = CountedStatement.number(run[1]),
            first <= last, reason.count <= 32, let head = reason.first, head.isSmallLetter,
            reason.allSatisfy({ $0.isSmallLetter || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.init(first: first, last: last, reason: String(parts[2]))
    }
}

extension UInt8 {
    fileprivate var isSmallLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self }
    fileprivate var isLetterOrDigit: Bool {
        isSmallLetter || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= self || UInt8(ascii: "0")...UInt8(ascii: "9") ~= self
    }
}
