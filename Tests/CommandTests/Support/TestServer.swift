import Foundation
import Testing

/// A node that serves on a free port of this machine, as a process of its own.
final class TestServer {
    let node: TestNode
    let port: Int
    private let process = Process()

    /// Starts a centre, or `node`.
    init(_ node: TestNode? = nil, port: Int = 0) throws {
        let node = try node ?? TestNode.centre()
        self.node = node
        let portFile = node.scratch.path + "/\(UUID().uuidString).port"
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["serve", "--folder", node.folder, "--port", "\(port)", "--port-file", portFile]
        let log = try Program.handle(portFile + ".log")
        process.standardOutput = log
        process.standardError = log
        try process.run()
        var text = ""
        // The program says when it listens, by writing the file; until then there is nothing to wait on.
        while process.isRunning, !text.hasSuffix("\n") {
            usleep(5_000)
            text = FileManager.default.contents(atPath: portFile).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        self.port = try #require(Int(text.dropLast()), "the server did not start")
    }

    /// Enrols a village, in a folder beside this node's.
    func village(_ name: String = "lontar-a", region: String = "36.04.13.2007") throws -> TestNode {
        let invited = try node.run("invite", name, "--region", region, "--url", "http://127.0.0.1:\(port)")
        try #require(invited.code == 0, "\(invited.errors)")
        let village = TestNode(scratch: node.scratch, folder: node.scratch.path + "/" + name)
        let joined = try village.run("init", "--invite", try #require(invited.lines.first))
        try #require(joined.code == 0, "\(joined.errors)")
        return village
    }

    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// How the server ended.
    var code: Int32 { process.terminationStatus }

    deinit { stop() }
}
