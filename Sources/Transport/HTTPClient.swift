import CCurl

/// A small HTTP/1.1 client that keeps its connection, streams both ways at once, and blocks.
///
/// A request runs on the calling thread until it is over, callbacks included, so give it a thread of
/// its own (`HTTPWorker`), never one of Swift's cooperative pool. One request at a time.
///
/// Never done: following redirects, decompressing, keeping cookies, waiting for `100 Continue`.
public final class HTTPClient {
    public let settings: HTTPSettings
    /// Stops this client's requests; put a fresh one here before going on after it was used. One
    /// token serves one client.
    public var cancellation = HTTPCancellation()

    private let easy: CurlHandle
    private let transfers: CurlTransfers

    /// - Throws: `TransportError` if the settings cannot be used.
    public init(_ settings: HTTPSettings = HTTPSettings()) throws(TransportError) {
        if let reason = settings.trust.reasonUnfit {
            throw TransportError(.invalidRequest(reason), at: "the settings")
        }
        self.settings = settings
        easy = try CurlHandle()
        transfers = try CurlTransfers()
    }

    /// Performs one request.
    ///
    /// - Parameters:
    ///   - onResponse: called once, with the head of a good answer (status 200 to 299).
    ///   - onBytes: called with the bytes of its body as they come, also while the request's body is
    ///     still going up. The buffer is valid during the call only.
    /// - Returns: when the whole body has gone up and the whole answer has come.
    /// - Throws: `TransportError`, or unchanged what a callback or the body's producer threw.
    @discardableResult
    public func perform(
        _ request: HTTPRequest,
        onResponse: @escaping (HTTPResponseHead) throws -> Void = { _ in },
        onBytes: @escaping (UnsafeRawBufferPointer) throws -> Void = { _ in }
    ) throws -> HTTPOutcome {
        try check(request)
        let exchange = Exchange(request, onResponse: onResponse, onBytes: onBytes)
        do {
            let result = try withExtendedLifetime(exchange) {
                try CurlSetup(easy, settings).prepare(exchange)
                return try transfers.run(easy, exchange, cancellation)
            }
            return try outcome(of: exchange, result)
        } catch let kind as TransportError.Kind {
            throw TransportError(kind, at: request.address.description, traffic: exchange.traffic)
        }
    }

    private func check(_ request: HTTPRequest) throws(TransportError) {
        let address = request.address
        guard address.isEncrypted || address.isLoopback || settings.allowsPlain else {
            throw TransportError(.plainRefused, at: address.description)
        }
        if let reason = request.headers.reasonUnfit {
            throw TransportError(.invalidRequest(reason), at: address.description)
        }
    }

    private func outcome(of exchange: Exchange, _ result: CURLcode) throws -> HTTPOutcome {
        switch exchange.failure {
        case nil: break
        case is RefusalIsLong?: break
        case let error?: throw error
        }
        if let refused = exchange.refusedAnswer, result == CURLE_OK || exchange.failure != nil {
            throw TransportError.Kind.status(refused)
        }
        guard result == CURLE_OK else {
            throw TransportError.Kind(
                failure(result, of: exchange), address: exchange.request.address, settings: settings,
                limits: exchange.request.limits)
        }
        guard let head = exchange.head else {
            throw TransportError.Kind.cut("the answer's header is incomplete")
        }
        return HTTPOutcome(
            head: head, traffic: exchange.traffic, timing: timing,
            reusedConnection: easy.long(CURLINFO_NUM_CONNECTS) == 0)
    }

    private func failure(_ code: CURLcode, of exchange: Exchange) -> CurlFailure {
        CurlFailure(
            code: code, detail: easy.sentence(for: code),
            verification: easy.long(CURLINFO_SSL_VERIFYRESULT),
            systemError: Int32(truncatingIfNeeded: easy.long(CURLINFO_OS_ERRNO)),
            proxyStatus: easy.long(CURLINFO_HTTP_CONNECTCODE), hadHead: exchange.head != nil)
    }

    private var timing: HTTPTiming {
        HTTPTiming(
            resolved: easy.span(CURLINFO_NAMELOOKUP_TIME_T),
            connected: easy.span(CURLINFO_CONNECT_TIME_T),
            secured: easy.span(CURLINFO_APPCONNECT_TIME_T),
            firstByte: easy.span(CURLINFO_STARTTRANSFER_TIME_T),
            total: easy.span(CURLINFO_TOTAL_TIME_T))
    }
}
