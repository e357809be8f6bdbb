import Foundation
import Transport

/// Certificates made at test time, and `openssl s_server` behind them: no key is kept with the
/// sources, and nothing expires there.
final class TLSServer: Sendable {
    let folder: URL
    let port: Int
    private let process: Process

    /// - Parameters:
    ///   - names: the subject's alternative names, as OpenSSL writes them.
    ///   - from, until: validity, `YYYYMMDDHHMMSSZ`.
    init(names: String = "IP:127.0.0.1", from: String? = nil, until: String? = nil) throws {
        folder = URL(filePath: NSTemporaryDirectory())
            .appending(path: "simpul-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try TLSServer.makeCertificate(in: folder, names: names, from: from, until: until)
        let answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
        try Data(answer.utf8).write(to: folder.appending(path: "answer"))
        (process, port) = try TLSServer.serve(folder)
    }

    deinit {
        // Threads of the cooperative pool block SIGTERM, and programs they start inherit that.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        // Left-overs in the temporary folder do no harm.
        try? FileManager.default.removeItem(at: folder)
    }

    func address(host: String = "127.0.0.1") throws -> HTTPAddress {
        try HTTPAddress("https://\(host):\(port)/answer")
    }

    var certificate: String { folder.appending(path: "cert.pem").path() }

    /// The pin of its key, worked out by OpenSSL.
    func pin() throws -> String {
        let key = try TLSServer.openssl(
            ["pkey", "-in", "key.pem", "-pubout", "-outform", "DER", "-out", "key.der"], in: folder)
        _ = key
        let digest = try TLSServer.openssl(["dgst", "-sha256", "-binary", "key.der"], in: folder)
        return "sha256//" + digest.base64EncodedString()
    }

    private static func makeCertificate(
        in folder: URL, names: String, from: String?, until: String?
    ) throws {
        try Data(
            """
            [req]
            distinguished_name = name
            [name]
            [ca]
            default_ca = this
            [this]
            database = index.txt
            new_certs_dir = .
            rand_serial = yes
            default_md = sha256
            default_days = 2
            policy = any
            x509_extensions = extensions
            [any]
            commonName = supplied
            [extensions]
            subjectAltName = \(names)
            """.utf8
        ).write(to: folder.appending(path: "openssl.cnf"))
        try Data().write(to: folder.appending(path: "index.txt"))
        _ = try openssl(
            [
                "req", "-new", "-config", "openssl.cnf", "-newkey", "ec", "-pkeyopt",
                "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "request.pem",
                "-subj", "/CN=simpul test",
            ], in: folder)
        var sign = [
            "ca", "-batch", "-config", "openssl.cnf", "-selfsign", "-keyfile", "key.pem", "-in",
            "request.pem", "-out", "cert.pem", "-notext",
        ]
        if let from { sign += ["-startdate", from] }
        if let until { sign += ["-enddate", until] }
        _ = try openssl(sign, in: folder)
    }

    private static func serve(_ folder: URL) throws -> (Process, Int) {
        let process = try start(
            ["s_server", "-accept", "127.0.0.1:0", "-cert", "cert.pem", "-key", "key.pem", "-HTTP"],
            in: folder)
        guard let output = process.standardOutput as? Pipe else { throw OpenSSLFailed(text: "no output") }
        var text = ""
        // It tells its port in a line `ACCEPT 127.0.0.1:12345`.
        while true {
            if let line = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .first(where: { $0.hasPrefix("ACCEPT ") }),
                let port = line.split(separator: ":").last.flatMap({ Int($0) })
            {
                return (process, port)
            }
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw OpenSSLFailed(text: text) }
            text += String(decoding: more, as: UTF8.self)
        }
    }

    private static func openssl(_ arguments: [String], in folder: URL) throws -> Data {
        let process = try start(arguments, in: folder)
        guard let output = process.standardOutput as? Pipe else { throw OpenSSLFailed(text: "no output") }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw OpenSSLFailed(text: "openssl \(arguments.joined(separator: " "))")
        }
        return data
    }

    private static func start(_ arguments: [String], in folder: URL) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = Pipe()
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }
}

struct OpenSSLFailed: Error { let text: String }
