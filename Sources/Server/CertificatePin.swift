import Crypto
import Foundation
import NIOSSL
import Node

/// The pin of a server certificate: SHA-256 over its public key (RFC 7469, section 2.4).
public enum CertificatePin {
    /// `sha256//` and base64.
    public static func of(certificateFile: String) throws -> String {
        let spki = try PEMFile.certificates(certificateFile)[0].extractPublicKey().toSPKIBytes()
        return "sha256//" + Data(SHA256.hash(data: spki)).base64EncodedString()
    }
}
