import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOSSL
import Node
import ServiceLifecycle

/// The HTTP server of a node: what it listens on, and with which limits.
public struct HTTPServer: Sendable {
    public struct Settings: Sendable {
        public var host: String
        public var port: Int
        /// PEM files; both or none.
        public var certificate: String?
        public var privateKey: String?
        /// Plain HTTP on another address than loopback shows everything to everyone on the way.
        public var allowsPlain: Bool
        /// Limits by source; not where everything comes from this machine itself.
        public var countsSources = true
        var pace: @Sendable (RequestFamily) -> RateLimit.Pace = { $0.pace }
        /// How long a connection's first head, a request and its answer may take.
        package var deadlines = RequestDeadline.Limits()
        /// Silence after which a connection is closed, also in the middle of a request.
        package var idle = TimeAmount.seconds(60)

        public init(host: String, port: Int, certificate: String?, privateKey: String?, allowsPlain: Bool) {
            self.host = host
            self.port = port
            self.certificate = certificate
            self.privateKey = privateKey
            self.allowsPlain = allowsPlain
        }
    }

    /// Forward secrecy, authenticated encryption and 256 bits only: the client chooses, and none is a bad choice.
    private static let cipherSuites: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    let settings: Settings
    let logger: Logger

    public init(settings: Settings, logger: Logger) throws {
        self.settings = settings
        self.logger = logger
        guard (settings.certificate == nil) == (settings.privateKey == nil) else {
            throw NodeError(
                .badInput, "a certificate and its private key go together: one of them is missing",
                advice: "give both --certificate and --private-key; nothing was served")
        }
        let isLoopback = ["127.0.0.1", "::1", "localhost"].contains(settings.host)
        guard settings.certificate != nil || isLoopback || settings.allowsPlain else {
            throw NodeError(
                .badInput, "plain HTTP on \(settings.host) would show everything to everyone on the way",
                advice: "give --certificate and --private-key, or listen on 127.0.0.1; --allow-plain forces it")
        }
    }

    /// The server as a service.
    ///
    /// - Parameter onRunning: called with the port once it listens.
    public func application<Context: RequestContext>(
        _ router: Router<Context>, services: [any Service] = [], onRunning: @escaping @Sendable (Int) async -> Void
    ) throws -> some ApplicationProtocol where Context.Source == ApplicationRequestContextSource {
        let door = Door(
            inner: router.buildResponder(), headers: AnswerHeaders(isSecure: settings.certificate != nil),
            guards: settings.countsSources ? DoorGuards(pace: settings.pace) : nil, logger: logger)
        var application = Application(
            responder: door, server: try builder(),
            configuration: .init(address: .hostname(settings.host, port: settings.port)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) }, logger: logger)
        for service in services { application.addServices(service) }
        return application
    }

    private func builder() throws -> HTTPServerBuilder {
        let (deadlines, connections) = (settings.deadlines, ConnectionLimit())
        let http1 = HTTP1Channel.Configuration(
            additionalChannelHandlers: [connections.handler(), RequestDeadline(limits: deadlines)],
            idleTimeout: settings.idle,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 8_192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 64))
        guard let certificate = settings.certificate, let privateKey = settings.privateKey else {
            return .http1(configuration: http1)
        }
        let chain = try PEMFile.certificates(certificate).map { NIOSSLCertificateSource.certificate($0) }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(try PEMFile.privateKey(privateKey)))
        tls.minimumTLSVersion = .tlsv12
        // For TLS 1.2; those of 1.3 are all of this kind.
        tls.cipherSuiteValues = Self.cipherSuites
        return try .tls(.http1(configuration: http1), tlsConfiguration: tls)
    }
}
