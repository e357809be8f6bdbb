import NIOSSL
import Node

/// Files of certificates and keys, with errors that name the file.
enum PEMFile {
    static func certificates(_ file: String) throws -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMFile(file), !found.isEmpty else {
            throw NodeError(
                .badInput, "\(file) cannot be read, or holds no certificate", advice: "give the certificate's PEM file")
        }
        return found
    }

    static func privateKey(_ file: String) throws -> NIOSSLPrivateKey {
        guard let key = try? NIOSSLPrivateKey(file: file, format: .pem) else {
            throw NodeError(
                .badInput, "\(file) cannot be read, or holds no private key",
                advice: "give the certificate's private key, a PEM file without a passphrase")
        }
        return key
    }
}
