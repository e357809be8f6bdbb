extension TransportError {
    /// What trying again promises.
    public enum Retry: Sendable, Equatable {
        /// The same request may pass later.
        case same
        /// The line or the server could not carry this much at once: less may pass.
        case smaller
        /// Somebody has to change something first.
        case useless
    }

    public var retry: Retry {
        switch kind {
        case .resolveFailed, .refused, .unreachable, .proxyFailed, .redirect, .unexpectedContent: .same
        case .timedOut(.connecting): .same
        case .timedOut(.stalled), .timedOut(.deadline), .cut: .smaller
        case .tls(let problem): problem.mayPass ? .same : .useless
        case .status(let answer): TransportError.retry(status: answer.head.status)
        case .malformedAnswer, .library: .same
        case .invalidAddress, .invalidRequest, .plainRefused, .cancelled, .tooLarge: .useless
        }
    }

    public var isWorthRetrying: Bool { retry != .useless }

    private static func retry(status: Int) -> Retry {
        switch status {
        case 413, 504: .smaller
        case 408, 425, 429, 500, 502, 503, 511: .same
        default: .useless
        }
    }
}

extension TransportError.TLSProblem {
    /// A clock gets set, and a handshake breaks off on a bad line; trust does not come by waiting.
    fileprivate var mayPass: Bool {
        switch self {
        case .expired, .notYetValid, .other: true
        case .unknownAuthority, .wrongHost, .wrongPin, .authorityFile: false
        }
    }
}
