import Foundation
import Server

/// A self-signed certificate for localhost, made once for all tests of a run.
public struct Certificate: Sendable {
    public let file: String
    public let key: String
    /// The pin of its key.
    public let pin: String

    public static func shared() throws -> Certificate { try made.get() }

    private static let folder = try? TestFolder("tls")
    private static let made = Result { try make() }

    private static func make() throws -> Certificate {
        guard let folder else { throw CocoaError(.fileWriteUnknown) }
        let (file, key) = (folder.file("cert.pem"), folder.file("key.pem"))
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            key, "-out", file, "-days", "2", "-subj", "/CN=localhost", "-addext",
            "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        return Certificate(file: file, key: key, pin: try CertificatePin.of(certificateFile: file))
    }
}
