/// Puts an answer's header together from the lines libcurl hands over, within limits.
///
/// There may be several headers: interim answers (1xx) come first and are passed over; lines behind
/// the body are trailers, which count towards the limits and are otherwise ignored.
struct HeaderCollector {
    let limits: HTTPLimits
    private var bytes = 0
    private var lines = 0
    private var status: Int?
    private var fields: [HTTPHeaders.Field] = []
    private var isComplete = false

    init(limits: HTTPLimits) { self.limits = limits }

    /// Takes one line with its line break. Returns the head when the line completes it.
    mutating func take(
        _ line: UnsafeRawBufferPointer
    ) throws(TransportError.Kind) -> HTTPResponseHead? {
        bytes += line.count
        lines += 1
        guard bytes <= limits.headerBytes else { throw .tooLarge(.headerBytes(limits.headerBytes)) }
        guard lines <= limits.headerLines else { throw .tooLarge(.headerLines(limits.headerLines)) }
        guard !isComplete else { return nil }
        let text = HeaderCollector.trimmed(line)
        if status == nil {
            status = try HeaderCollector.status(in: text)
            return nil
        }
        guard text.isEmpty else {
            try add(text)
            return nil
        }
        return finish()
    }

    private mutating func finish() -> HTTPResponseHead? {
        let head = HTTPResponseHead(status: status ?? 0, headers: HTTPHeaders(fields))
        status = nil
        fields = []
        guard head.status >= 200 else { return nil }
        isComplete = true
        return head
    }

    private mutating func add(_ text: String) throws(TransportError.Kind) {
        if text.hasPrefix(" ") || text.hasPrefix("\t"), let last = fields.popLast() {
            let more = last.value + " " + HeaderCollector.stripped(Substring(text))
            fields.append(HTTPHeaders.Field(name: last.name, value: more))
            return
        }
        guard let colon = text.firstIndex(of: ":"), colon != text.startIndex else {
            throw .malformedAnswer("a header line without a name: \(Printable.line(text, limit: 60))")
        }
        let value = HeaderCollector.stripped(text[text.index(after: colon)...])
        fields.append(HTTPHeaders.Field(name: String(text[..<colon]), value: value))
    }

    /// `HTTP/1.1 200 OK`
    private static func status(in line: String) throws(TransportError.Kind) -> Int {
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/"), words[1].utf8.count == 3,
            let status = Int(words[1]), (100...999).contains(status)
        else { throw .malformedAnswer("it begins with \(Printable.line(line, limit: 60))") }
        return status
    }

    private static func trimmed(_ line: UnsafeRawBufferPointer) -> String {
        var end = line.count
        while end > 0, line[end - 1] == 0x0a || line[end - 1] == 0x0d { end -= 1 }
        return String(decoding: line[..<end], as: UTF8.self)
    }

    private static func stripped(_ text: Substring) -> String {
        var rest = text
        while rest.first == " " || rest.first == "\t" { rest.removeFirst() }
        while rest.last == " " || rest.last == "\t" { rest.removeLast() }
        return String(rest)
    }
}
