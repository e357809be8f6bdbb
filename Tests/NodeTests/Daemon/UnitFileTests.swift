import Foundation
import Testing

/// The systemd units of `docs/operating/systemd`, as an administrator will install them.
@Suite struct `A systemd unit` {
    private static let names = ["simpul-sync", "simpul-serve", "simpul-app"]
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().appending(path: "../../../docs/operating/systemd").standardizedFileURL

    private func text(_ name: String) throws -> String {
        try String(
            contentsOf: `A systemd unit`.folder.appending(path: "\(name).service"), encoding: .utf8)
    }

    /// Settings by section, in the order in which they stand.
    private func settings(_ text: String) throws -> [String: [(key: String, value: String)]] {
        var sections: [String: [(key: String, value: String)]] = [:]
        var section = ""
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("[") {
                section = String(line.dropFirst().dropLast())
                continue
            }
            let equals = try #require(line.firstIndex(of: "="), "no setting: \(line)")
            sections[section, default: []].append(
                (String(line[..<equals]), String(line[line.index(after: equals)...])))
        }
        return sections
    }

    @Test(arguments: names)
    func `has the three sections, and nothing before them`(name: String) throws {
        let sections = try settings(text(name))
        #expect(Set(sections.keys) == ["Unit", "Service", "Install"])
    }

    @Test(arguments: names)
    func `keeps its data private and comes back after a fault`(name: String) throws {
        let service = try #require(try settings(text(name))["Service"])
        for (key, value) in [
            ("User", "simpul"), ("StateDirectory", "simpul"), ("StateDirectoryMode", "0700"),
            ("UMask", "0077"),
            ("Restart", "on-failure"), ("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"),
            ("ProtectHome", "yes"), ("CapabilityBoundingSet", ""),
        ] {
            #expect(service.contains { $0 == (key, value) }, "\(key)=\(value)")
        }
        let environment = service.filter { $0.key == "Environment" }.map(\.value)
        #expect(environment.contains("SIMPUL_FOLDER=/var/lib/simpul"))
    }

    @Test(.enabled(if: Tool.systemdAnalyze.isThere), arguments: names)
    func `is understood by systemd`(name: String) throws {
        // The program need not be installed where the tests run.
        let unit = try text(name).replacing("/usr/local/bin/simpul ", with: "/bin/true ")
        let run = try Tool.systemdAnalyze.check(["verify"], unit, named: name)
        #expect(run.status == 0)
        #expect(run.output == "")
    }

    @Test(.enabled(if: Tool.systemdAnalyze.isThere), arguments: names)
    func `is exposed little in systemd's own judgement`(name: String) throws {
        let run = try Tool.systemdAnalyze.check(
            ["security", "--offline=true", "--threshold=15"], try text(name), named: name)
        #expect(run.status == 0, "\(run.output)")
    }
}

/// A program of the machine, if it is there.
private struct Tool {
    static let systemdAnalyze = Tool(path: "/usr/bin/systemd-analyze")

    let path: String

    var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// Runs it over a copy of the unit.
    func check(_ arguments: [String], _ unit: String, named name: String) throws -> (
        status: Int32, output: String
    ) {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "simpul-unit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "\(name).service")
        try Data(unit.utf8).write(to: file)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments + [file.path()]
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: text, as: UTF8.self))
    }
}
