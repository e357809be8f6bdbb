import Foundation
import Testing

/// Where pages are executed: a home of its own for each node they name, one clock, real processes.
///
/// The names of servers in the pages stand for loopback; passwords that a command asks for come from its standard
/// input, since there is no terminal.
final class ConsoleWorld {
    static let password = "sandi-contoh-2026"

    private let scratch: Scratch
    private var shown = ShownOutput()
    private var running: [Process] = []
    private let ports: [String: Int]

    init() throws {
        scratch = try Scratch()
        ports = try ["pusat", "hub-serang", "lontar-a", ""].reduce(into: [:]) { $0[$1] = try Self.freePort() }
    }

    deinit {
        for process in running where process.isRunning { process.terminate() }
        for process in running { process.waitUntilExit() }
    }

    func play(_ page: ConsolePage) throws {
        for act in page.acts {
            switch act {
            case .clock(let moment): _ = try scratch.file("clock", moment + "\n")
            case .file(let name, let text, let node): try Data(text.utf8).write(to: home(node).appending(path: name))
            case .run(let commands, let node, let staysRunning):
                for (index, command) in commands.enumerated() {
                    let stays = staysRunning && index == commands.count - 1
                    try run(command, at: node, staysRunning: stays, on: page.path)
                }
            }
        }
    }

    private func run(
        _ command: ConsolePage.Command, at node: String, staysRunning: Bool, on page: String
    ) throws {
        let place = "\(page):\(command.line): \(command.text)"
        let process = Process()
        let line = loopback(shown.filled(command.text), at: node)
        // A server is the process itself, so that it can be stopped. Others get a session without a terminal: one that
        // asks for a password then reads its standard input.
        process.executableURL = URL(fileURLWithPath: staysRunning ? "/bin/bash" : "/usr/bin/setsid")
        process.arguments = staysRunning ? ["-c", "exec " + line] : ["--wait", "bash", "-c", line]
        process.currentDirectoryURL = try home(node)
        process.environment = try environment(node)
        let output = scratch.path + "/\(UUID().uuidString).output"
        let log = try Program.handle(output)
        (process.standardOutput, process.standardError) = (log, log)
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: scratch.file("password", Self.password + "\n")))
        try process.run()
        if staysRunning {
            running.append(process)
            try waitUntilShown(command, process, output, place)
            return
        }
        process.waitUntilExit()
        let text = try printed(output, at: node)
        try #require(process.terminationStatus == 0, "\(place)\n\(text)")
        guard let wanted = command.output else { return }
        let difference = shown.difference(of: text, from: wanted)
        #expect(difference == nil, "\(place)\nprinted:\n\(text)")
    }

    /// A server says what the page shows once it is ready, and then goes on.
    private func waitUntilShown(
        _ command: ConsolePage.Command, _ process: Process, _ output: String, _ place: String
    ) throws {
        let wanted = command.output ?? []
        let deadline = Date(timeIntervalSinceNow: 60)
        while process.isRunning, Date() < deadline {
            if shown.difference(of: try printed(output, at: ""), from: wanted + ["…"]) == nil { return }
            usleep(5_000)
        }
        Issue.record("\(place)\nprinted:\n\(try printed(output, at: ""))")
        throw CancellationError()
    }

    /// The folder of a node's commands. `curl` finds there that the centre's name stands for loopback, so that it can
    /// check the certificate by name.
    private func home(_ node: String) throws -> URL {
        let url = URL(fileURLWithPath: scratch.path + "/home-" + (node.isEmpty ? "all" : node))
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let connect = "connect-to = \"pusat.example:8443:127.0.0.1:\(ports["pusat"] ?? 0)\"\n"
        try Data(connect.utf8).write(to: url.appending(path: ".curlrc"))
        return url
    }

    private func environment(_ node: String) throws -> [String: String] {
        let home = try home(node).path
        let programs = URL(fileURLWithPath: Program.path).deletingLastPathComponent().path
        return [
            "PATH": programs + ":/usr/local/bin:/usr/bin:/bin", "HOME": home, "LANG": "C.UTF-8",
            "SIMPUL_FOLDER": node.isEmpty ? "" : home + "/.simpul", "SIMPUL_CLOCK": scratch.path + "/clock",
            "SIMPUL_LANGUAGE": "en", "NO_COLOR": "1",
        ]
    }

    /// A command with loopback for the addresses of the pages, and a certificate that is also good for it.
    private func loopback(_ command: String, at node: String) -> String {
        var command = command.replacingOccurrences(of: "simpul app", with: "simpul app --port 8480")
            .replacingOccurrences(of: "--host 0.0.0.0", with: "--host 127.0.0.1")
        for port in ["--port 8443", "--port 8480"] {
            command = command.replacingOccurrences(of: port, with: "--port \(ports[node] ?? 0)")
        }
        if command.hasSuffix(" &") { command.removeLast(2) }
        guard !command.hasPrefix("curl ") else { return command }
        for (name, address) in addresses { command = command.replacingOccurrences(of: name, with: address) }
        return command
    }

    private func printed(_ path: String, at node: String) throws -> String {
        var text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
        text = text.replacingOccurrences(of: "\r\n", with: "\n")
        for (name, address) in addresses { text = text.replacingOccurrences(of: address, with: name) }
        if !node.isEmpty { text = text.replacingOccurrences(of: try home(node).path, with: "~") }
        return text.replacingOccurrences(of: "PIN / password: ", with: "")
    }

    private var addresses: [(String, String)] {
        [
            ("pusat.example:8443", "127.0.0.1:\(ports["pusat"] ?? 0)"),
            ("hub.example:8443", "127.0.0.1:\(ports["hub-serang"] ?? 0)"),
            ("127.0.0.1:8480", "127.0.0.1:\(ports["lontar-a"] ?? 0)"),
            ("127.0.0.1:8443", "127.0.0.1:\(ports[""] ?? 0)"),
        ]
    }

    /// A port that nobody listens on now.
    private static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        try #require(bound)
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
