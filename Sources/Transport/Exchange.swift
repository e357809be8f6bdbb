/// One request under way: what libcurl's callbacks read and write.
///
/// Swift errors cannot pass through C. The first one is kept in `failure`, the callback tells
/// libcurl to stop, and the client throws it once libcurl has returned.
final class Exchange {
    let request: HTTPRequest
    private let onResponse: (HTTPResponseHead) throws -> Void
    private let onBytes: (UnsafeRawBufferPointer) throws -> Void

    private(set) var failure: (any Error)?
    private(set) var head: HTTPResponseHead?
    private(set) var traffic = HTTPTraffic()
    /// The producer had nothing to send when it was asked last.
    private(set) var isPaused = false
    /// Bytes of the answer came since then.
    private(set) var hasNews = false

    private var upload: Upload
    private var collector: HeaderCollector
    private var received: Int64 = 0
    private var refusal: [UInt8] = []

    init(
        _ request: HTTPRequest,
        onResponse: @escaping (HTTPResponseHead) throws -> Void,
        onBytes: @escaping (UnsafeRawBufferPointer) throws -> Void
    ) {
        self.request = request
        self.onResponse = onResponse
        self.onBytes = onBytes
        upload = Upload(request.body)
        collector = HeaderCollector(limits: request.limits)
    }

    var uploadLength: Int64? { upload.length }

    /// The answer that refused, with as much of its body as came and is kept.
    var refusedAnswer: HTTPAnswer? {
        guard let head, head.status >= 400 else { return nil }
        return HTTPAnswer(head: head, body: refusal)
    }

    func resume() {
        isPaused = false
        hasNews = false
    }

    // MARK: From libcurl

    func count(sent: Int) { traffic.sent += Int64(sent) }

    func count(received: Int) { traffic.received += Int64(received) }

    func rewind() -> Bool { upload.rewind() }

    func fill(_ target: UnsafeMutableRawBufferPointer) -> Upload.Piece? {
        attempt {
            let piece = try upload.fill(target)
            if case .pause = piece { isPaused = true }
            return piece
        }
    }

    /// False stops the transfer.
    func take(headerLine line: UnsafeRawBufferPointer) -> Bool {
        succeeds {
            hasNews = true
            if let head = try collector.take(line) { try begin(head) }
        }
    }

    /// False stops the transfer.
    func take(bytes: UnsafeRawBufferPointer) -> Bool {
        succeeds {
            hasNews = true
            guard refusedAnswer == nil else { return try keepRefusal(bytes) }
            received += Int64(bytes.count)
            guard received <= request.limits.bodyBytes else { throw tooLong }
            try onBytes(bytes)
        }
    }

    // MARK: -

    private var tooLong: TransportError.Kind { .tooLarge(.bodyBytes(request.limits.bodyBytes)) }

    private func begin(_ head: HTTPResponseHead) throws {
        self.head = head
        try checkCoding(head)
        if (300..<400).contains(head.status) {
            let location = Printable.line(head.headers["Location"] ?? "nowhere")
            throw TransportError.Kind.redirect(status: head.status, location: location)
        }
        guard head.status < 300 else { return }
        if let expected = request.expecting, head.mediaType != expected {
            let got = Printable.line(head.mediaType ?? "an answer without a type", limit: 80)
            throw TransportError.Kind.unexpectedContent(mediaType: got, expected: expected)
        }
        if let length = head.headers["Content-Length"].flatMap({ Int64($0) }),
            length > request.limits.bodyBytes
        {
            throw tooLong
        }
        try onResponse(head)
    }

    /// libcurl undoes compression in the transfer coding even if nobody asked for it.
    private func checkCoding(_ head: HTTPResponseHead) throws(TransportError.Kind) {
        guard let coding = head.headers["Transfer-Encoding"]?.lowercased() else { return }
        guard coding == "chunked" || coding == "identity" else {
            throw .malformedAnswer("it comes in transfer coding \(Printable.line(coding, limit: 60))")
        }
    }

    private func keepRefusal(_ bytes: UnsafeRawBufferPointer) throws {
        let room = request.limits.refusalBytes - refusal.count
        refusal.append(contentsOf: bytes.prefix(room))
        if bytes.count > room { throw RefusalIsLong() }
    }

    private func succeeds(_ body: () throws -> Void) -> Bool {
        attempt(body) != nil
    }

    private func attempt<Result>(_ body: () throws -> Result) -> Result? {
        guard failure == nil else { return nil }
        do {
            return try body()
        } catch {
            failure = error
            return nil
        }
    }
}

/// Enough of a refusal was read; what came so far is reported.
struct RefusalIsLong: Error {}
