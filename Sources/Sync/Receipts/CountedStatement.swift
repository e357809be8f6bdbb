import Event

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

    public init(log: LogName, size: Int64, models: String, exceptions: [Exception]) {
        self.log = log
        self.size = size
        self.models = models
        self.exceptions = exceptions
    }

    public var text: String {
        var text = "simpul/counted/v1\n\(log)\n\(size)\n\(models)\n"
        for exception in exceptions { text += "except \(exception.first)-\(exception.last) \(exception.reason)\n" }
        return text
    }

    /// Nil when the text has another form.
    public init?(text: String) {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count >= 5, lines.removeLast().isEmpty, lines[0] == "simpul/counted/v1",
            let log = try? LogName(lines[1]), let size = Int64(lines[2])
        else { return nil }
        var exceptions: [Exception] = []
        for line in lines.dropFirst(4) {
            let parts = line.split(separator: " ").map(String.init)
            let run = parts.count == 3 ? parts[1].split(separator: "-").compactMap { Int64($0) } : []
            guard parts.first == "except", run.count == 2 else { return nil }
            exceptions.append(Exception(first: run[0], last: run[1], reason: parts[2]))
        }
        self.init(log: log, size: size, models: lines[3], exceptions: exceptions)
    }

    /// Why the line is not counted yet, or nil when it is. `size` must be past `sequence`.
    public func exception(at sequence: Int64) -> String? {
        exceptions.first { $0.first <= sequence && sequence <= $0.last }?.reason
    }
}
