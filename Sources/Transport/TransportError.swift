/// Why a request did not end well: what happened, where, and (`advice`) what to do about it.
public struct TransportError: Error, Sendable, Equatable {
    public let kind: Kind
    /// The address without what may be secret.
    public let place: String
    /// What had passed until then.
    public let traffic: HTTPTraffic

    init(_ kind: Kind, at place: String, traffic: HTTPTraffic = HTTPTraffic()) {
        self.kind = kind
        self.place = place
        self.traffic = traffic
    }

    public enum Kind: Sendable, Equatable {
        // Before anything left this machine.
        case invalidAddress(String)
        case invalidRequest(String)
        case plainRefused
        case cancelled

        // No connection.
        case resolveFailed(host: String)
        case refused(host: String, port: Int)
        case unreachable(host: String, reason: String)
        case proxyFailed(String)
        case tls(TLSProblem)
        case timedOut(Timeout)

        // An answer that is none of Simpul's.
        case redirect(status: Int, location: String)
        case unexpectedContent(mediaType: String, expected: String)
        case malformedAnswer(String)
        case tooLarge(Excess)

        // An answer that says no, and the line that says nothing any more.
        case status(HTTPAnswer)
        case cut(String)

        case library(String)
    }

    public enum Timeout: Sendable, Equatable {
        case connecting(Duration)
        /// Fewer bytes than the limit in the span named.
        case stalled(Duration)
        case deadline(Duration)
    }

    public enum Excess: Sendable, Equatable {
        case headerBytes(Int)
        case headerLines(Int)
        case bodyBytes(Int64)
    }

    public enum TLSProblem: Sendable, Equatable {
        /// `clock` is what this machine takes the time to be, as RFC 3339 in UTC.
        case expired(clock: String)
        case notYetValid(clock: String)
        case unknownAuthority
        case wrongHost(String)
        case wrongPin
        case authorityFile(String)
        case other(String)
    }
}

/// Thrown inside this module only; the client adds the place before it lets one out.
extension TransportError.Kind: Error {}

extension TransportError {
    /// The answer, where there was one that refused.
    public var answer: HTTPAnswer? {
        if case .status(let answer) = kind { answer } else { nil }
    }

    /// How long the server asked to be left alone.
    public var retryAfter: Duration? { answer?.head.retryAfter }
}
