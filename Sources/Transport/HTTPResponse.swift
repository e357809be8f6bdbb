/// Status and header of an answer.
public struct HTTPResponseHead: Sendable, Equatable {
    public let status: Int
    public let headers: HTTPHeaders

    public init(status: Int, headers: HTTPHeaders) {
        self.status = status
        self.headers = headers
    }

    /// `Content-Type` without parameters, in lower case.
    public var mediaType: String? {
        guard let value = headers["Content-Type"] else { return nil }
        let type = value.prefix { $0 != ";" }
        return type.split(whereSeparator: \.isWhitespace).joined().lowercased()
    }

    /// The answering machine's clock, in seconds since 1970.
    public var serverTime: Int64? { headers["Date"].flatMap(HTTPDate.parse) }

    /// How long the server asks to be left alone, at most a day (RFC 9110, 10.2.3).
    ///
    /// A date is measured from the answer's own `Date`, since this machine's clock may be years
    /// off; without one, it is not understood.
    public var retryAfter: Duration? {
        guard let text = headers["Retry-After"] else { return nil }
        return RetryAfter.parse(text, serverTime: serverTime)
    }
}

/// A short answer, whole.
public struct HTTPAnswer: Sendable, Equatable {
    public let head: HTTPResponseHead
    public let body: [UInt8]

    public init(head: HTTPResponseHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}

/// A request that was answered in full with a status of 200 to 299.
public struct HTTPOutcome: Sendable, Equatable {
    public let head: HTTPResponseHead
    public let traffic: HTTPTraffic
    public let timing: HTTPTiming
    /// Whether an earlier request's connection carried this one.
    public let reusedConnection: Bool
}

/// Bytes of HTTP, headers and chunk sizes included; TLS and TCP add theirs.
public struct HTTPTraffic: Sendable, Equatable {
    public internal(set) var sent: Int64 = 0
    public internal(set) var received: Int64 = 0

    var total: Int64 { sent + received }
}

/// Spans measured from the start of the request.
public struct HTTPTiming: Sendable, Equatable {
    public let resolved: Duration
    public let connected: Duration
    /// TLS agreed; zero without TLS or on a kept connection.
    public let secured: Duration
    public let firstByte: Duration
    public let total: Duration
}
