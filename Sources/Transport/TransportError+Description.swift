extension TransportError: CustomStringConvertible {
    public var description: String { "\(what) (\(place)). \(advice)" }

    /// What happened, in one clause.
    public var what: String {
        switch kind {
        case .invalidAddress(let reason): "the address cannot be used: \(reason)"
        case .invalidRequest(let reason): "the request cannot be sent: \(reason)"
        case .plainRefused: "the address is not encrypted"
        case .cancelled: "the request was stopped"
        case .resolveFailed(let host): "the name \(host) could not be looked up"
        case .refused(let host, let port): "\(host) refuses connections on port \(port)"
        case .unreachable(let host, let reason): "\(host) cannot be reached: \(reason)"
        case .proxyFailed(let reason): "the proxy does not work: \(reason)"
        case .tls(let problem): problem.what
        case .timedOut(let timeout): timeout.what
        case .redirect(let status, let location): "the server sends us elsewhere (\(status)): \(location)"
        case .unexpectedContent(let mediaType, let expected): "got \(mediaType) instead of \(expected)"
        case .malformedAnswer(let reason): "the answer is not HTTP as it should be: \(reason)"
        case .tooLarge(let excess): excess.what
        case .status(let answer): "the server answered \(answer.head.status)"
        case .cut(let reason):
            "the line was cut after \(traffic.sent) bytes sent and \(traffic.received) received: \(reason)"
        case .library(let reason): "libcurl failed: \(reason)"
        }
    }

    /// What to do about it.
    public var advice: String {
        switch kind {
        case .invalidAddress: "Correct the address in the settings."
        case .invalidRequest: "This is a fault of the program; please report it."
        case .plainRefused: "Use https, or force plain http if the way to that machine is trusted."
        case .cancelled: "Nothing is lost; start it again."
        case .resolveFailed: "Check that this machine is online and the name is spelled right."
        case .refused: "Check that the server runs, and the port in the address."
        case .unreachable: "Check that this machine is online."
        case .proxyFailed: "Check https_proxy, http_proxy, all_proxy and no_proxy in the environment."
        case .tls(let problem): problem.advice
        case .timedOut(.connecting): "Check that this machine is online; the server may be down."
        case .timedOut, .cut: "What arrived in whole frames is kept; the next try goes on from there."
        case .redirect:
            "Log in to the network if it asks for it; otherwise put the right address in the settings."
        case .unexpectedContent:
            "Log in to the network if it asks for it in a browser; otherwise check the address."
        case .malformedAnswer: "Check the address: something else may be listening there."
        case .tooLarge: "Nothing more was read. Check the address, or ask the server's operator."
        case .status(let answer): TransportError.advice(status: answer.head.status, wait: retryAfter)
        case .library: "Try again; if it stays, report it."
        }
    }

    private static func advice(status: Int, wait: Duration?) -> String {
        switch status {
        case 401: "The server does not accept this node's signature; check that it is enrolled there."
        case 403: "This node may not do that; ask the operator of the server."
        case 404, 405: "Check the address: this is no Simpul server, or an older one."
        case 407: "The proxy wants a login; put it into the environment's proxy address."
        case 413: "Less is sent at once on the next try."
        case 429, 503:
            "The server is busy; try again \(wait.map { "in \($0.components.seconds) s" } ?? "later")."
        case 511: "Log in to this network in a browser first."
        case 500...: "The server has a problem of its own; try again later."
        default: "Ask the operator of the server."
        }
    }
}

extension TransportError.Timeout {
    fileprivate var what: String {
        switch self {
        case .connecting(let span): "no connection within \(span)"
        case .stalled(let span): "the line stood still for \(span)"
        case .deadline(let span): "not finished within \(span)"
        }
    }
}

extension TransportError.Excess {
    fileprivate var what: String {
        switch self {
        case .headerBytes(let limit): "the answer's header is longer than \(limit) bytes"
        case .headerLines(let limit): "the answer's header has more than \(limit) lines"
        case .bodyBytes(let limit): "the answer is longer than \(limit) bytes"
        }
    }
}

extension TransportError.TLSProblem {
    fileprivate var what: String {
        switch self {
        case .expired(let clock): "the server's certificate has expired, if it is really \(clock)"
        case .notYetValid(let clock): "the server's certificate is not valid yet, if it is really \(clock)"
        case .unknownAuthority: "the server's certificate comes from nobody this machine trusts"
        case .wrongHost(let host): "the server's certificate is not for \(host)"
        case .wrongPin: "the server's key is not the one that was pinned"
        case .authorityFile(let file): "the file of trusted certificates cannot be read: \(file)"
        case .other(let reason): "no encrypted connection: \(reason)"
        }
    }

    fileprivate var advice: String {
        switch self {
        case .expired(let clock), .notYetValid(let clock):
            "Check this machine's clock, \(clock). If that is right, the server needs a new certificate."
        case .unknownAuthority: "Name the server's authority file, or pin its key from the invitation."
        case .wrongHost: "Check the address, or pin the server's key."
        case .wrongPin:
            "Do not go on: someone may be listening. Ask the server's operator whether the key was changed."
        case .authorityFile: "Check that the file exists, is readable and holds PEM certificates."
        case .other: "Try again; if it stays, check that the address is one for https."
        }
    }
}
