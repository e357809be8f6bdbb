import CCurl
import Foundation

/// What a finished transfer tells about its failure.
struct CurlFailure {
    let code: CURLcode
    /// libcurl's own sentence; may repeat text from the server.
    let detail: String
    /// X.509 verification result of the TLS library; 0 is good.
    let verification: Int
    /// `errno` of the connection attempt, or 0.
    let systemError: Int32
    /// The proxy's answer to CONNECT, or 0.
    let proxyStatus: Int
    /// Whether the answer's header had come whole.
    let hadHead: Bool
}

extension TransportError.Kind {
    init(_ failure: CurlFailure, address: HTTPAddress, settings: HTTPSettings, limits: HTTPLimits) {
        let detail = Printable.line(failure.detail)
        switch failure.code {
        case _ where failure.proxyStatus >= 300:
            self = .proxyFailed("it answers \(failure.proxyStatus)")
        case CURLE_URL_MALFORMAT: self = .invalidAddress(detail)
        case CURLE_COULDNT_RESOLVE_HOST: self = .resolveFailed(host: address.host)
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY: self = .proxyFailed(detail)
        case CURLE_COULDNT_CONNECT where failure.systemError == ECONNREFUSED:
            self = .refused(host: address.host, port: address.port)
        case CURLE_COULDNT_CONNECT, CURLE_INTERFACE_FAILED:
            self = .unreachable(host: address.host, reason: detail)
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut(.connecting(limits.connect))
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR:
            self = .tls(.init(verification: failure.verification, detail: detail, host: address.host))
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH: self = .tls(.wrongPin)
        case CURLE_SSL_CACERT_BADFILE: self = .tls(.authorityFile(settings.trust.authorityFile ?? ""))
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_INITFAILED:
            self = .tls(.other(detail))
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_BAD_CONTENT_ENCODING:
            self = .malformedAnswer(detail)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR,
            CURLE_SEND_FAIL_REWIND:
            self = .cut(detail)
        // libcurl's word for a header line longer than its own 100 KiB.
        case CURLE_OUT_OF_MEMORY where !failure.hadHead:
            self = .tooLarge(.headerBytes(limits.headerBytes))
        default: self = .library("\(detail) (\(failure.code.rawValue))")
        }
    }
}

extension TransportError.TLSProblem {
    /// The numbers are OpenSSL's `X509_V_ERR_…`. libcurl's own check of the host name comes after
    /// OpenSSL was content, and leaves 0.
    init(verification: Int, detail: String, host: String) {
        switch verification {
        case 10, 12: self = .expired(clock: TransportError.TLSProblem.clock())
        case 9, 11: self = .notYetValid(clock: TransportError.TLSProblem.clock())
        case 2, 18, 19, 20, 21, 27: self = .unknownAuthority
        case 62, 64: self = .wrongHost(host)
        case _ where detail.contains("subject name"): self = .wrongHost(host)
        default: self = .other(detail)
        }
    }

    private static func clock() -> String {
        Date().formatted(.iso8601)
    }
}
