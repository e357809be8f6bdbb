import Foundation
import Testing

/// The built command, run as a process of its own.
enum Program {
    /// What a run of it came to.
    struct Result {
        let code: Int32
        let output: String
        let errors: String

        var lines: [String] { output.split(separator: "\n").map(String.init) }
    }

    /// Beside the test bundle, where the build puts both.
    static let path = Bundle.main.bundleURL.appending(path: "simpul").path
    static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func run(
        _ arguments: [String], folder: String, input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        try run(path, arguments, input: input, environment: ["SIMPUL_FOLDER": folder].merging(environment) { $1 })
    }

    static func run(
        _ path: String, _ arguments: [String], input: String? = nil, environment: [String: String] = [:]
    ) throws -> Result {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SIMPUL_") }
        variables.merge(environment) { $1 }
        process.environment = variables
        // Files, since a pipe that nobody empties stops the writer.
        let scratch = try Scratch()
        let (output, errors) = (scratch.path + "/output", scratch.path + "/errors")
        process.standardOutput = try handle(output)
        process.standardError = try handle(errors)
        if let input {
            try Data(input.utf8).write(to: URL(fileURLWithPath: scratch.path + "/input"))
            process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch.path + "/input"))
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        return Result(code: process.terminationStatus, output: try text(output), errors: try text(errors))
    }

    static func handle(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
}

/// A folder that goes away with the test.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "simpul-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) }
    }

    func file(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }
}
