import Event
import Foundation
import TestKit
import Testing

/// A node that serves on a free port of this machine, as a process of its own.
final class TestServer {
    let node: TestNode
    let port: Int
    private let process = Process()
    private let log: String

    private let certificate: Certificate?

    /// Starts a centre, or `node`; over TLS if it has a certificate.
    init(_ node: TestNode? = nil, port: Int = 0, certificate: Certificate? = nil) throws {
        let node = try node ?? TestNode.centre()
        self.node = node
        self.certificate = certificate
        let portFile = node.scratch.path + "/\(UUID().uuidString).port"
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["serve", "--folder", node.folder, "--port", "\(port)", "--port-file", portFile]
        if let certificate {
            process.arguments? += ["--certificate", certificate.file, "--private-key", certificate.key]
        }
        log = portFile + ".log"
        let handle = try Program.handle(log)
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        var text = ""
        // The program says when it listens, by writing the file; until then there is nothing to wait on.
        while process.isRunning, !text.hasSuffix("\n") {
            usleep(5_000)
            text = FileManager.default.contents(atPath: portFile).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        self.port = try #require(Int(text.dropLast()), "the server did not start")
    }

    /// Waits until it serves under the epoch that the node's folder is of now: it opens its node again by itself.
    func untilItFollows() throws {
        let configuration = try JSON.parse(
            Array(try #require(FileManager.default.contents(atPath: node.folder + "/simpul.json"))), limits: .document)
        let epoch = try #require(configuration["epoch"]?.stringValue)
        while process.isRunning {
            let log = String(decoding: FileManager.default.contents(atPath: log) ?? Data(), as: UTF8.self)
            let last = log.split(separator: "\n").last { $0.contains("listening") }
            if last?.contains("epoch=\(epoch)") == true { return }
            usleep(5_000)
        }
        Issue.record("the server ended")
    }

    var url: String { url(port: port) }

    private func url(port: Int) -> String { "\(certificate == nil ? "http" : "https")://127.0.0.1:\(port)" }

    /// A one-time invitation.
    ///
    /// - Parameter port: where the new node finds this server; nil is where it is.
    func invitation(
        _ name: String, region: String = "36.04.13.2007", role: String = "village", port: Int? = nil
    ) throws -> String {
        var arguments = ["invite", name, "--region", region, "--role", role, "--url", url(port: port ?? self.port)]
        if let certificate { arguments += ["--certificate", certificate.file] }
        let invited = try Program.run(arguments, folder: node.folder)
        try #require(invited.code == 0, "\(invited.errors)")
        return try #require(invited.lines.first)
    }

    /// Enrols a village or hub, in a folder beside this node's.
    func village(
        _ name: String = "lontar-a", region: String = "36.04.13.2007", role: String = "village"
    ) throws -> TestNode {
        let village = TestNode(scratch: node.scratch, folder: node.scratch.path + "/" + name)
        let joined = try village.run("init", "--invite", try invitation(name, region: region, role: role))
        try #require(joined.code == 0, "\(joined.errors)")
        return village
    }

    /// Ends it as a loss of power does, as far as a process can feel one.
    func kill() {
        _ = Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    var pid: Int32 { process.processIdentifier }

    func waitForEnd() { process.waitUntilExit() }

    /// How the server ended.
    var code: Int32 { process.terminationStatus }

    deinit { stop() }
}
