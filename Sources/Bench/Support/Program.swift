import Foundation

/// A running `simpul`, and what it has used so far.
final class Program {
    private let process = Process()

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// - Parameters:
    ///   - environment: added to that of this process.
    ///   - share: the part of a processor that it gets; nil: all.
    init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], share: ProcessorShare? = nil,
        log: String
    ) throws {
        let command = share?.command(path, arguments) ?? (program: path, arguments: arguments)
        process.executableURL = URL(filePath: command.program)
        process.arguments = command.arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        let file = try FileHandle(forWritingTo: URL(filePath: log))
        process.standardOutput = file
        process.standardError = file
        try process.run()
        share?.hold(pid)
    }

    /// Starts one that listens and writes its port into a file.
    /// - Returns: the program, its port, and the seconds until it listened.
    static func listening(
        _ setting: Setting, _ command: String, folder: String, _ arguments: [String] = [],
        environment: [String: String] = [:], share: ProcessorShare? = nil
    ) throws -> (program: Program, port: Int, seconds: Double) {
        let portFile = folder + "/port"
        try? FileManager.default.removeItem(atPath: portFile)
        let start = ContinuousClock.now
        let program = try Program(
            setting.program,
            [command, "--folder", folder, "--port", "0", "--port-file", portFile] + arguments, environment: environment,
            share: share, log: folder + "/\(command).log")
        while true {
            if let text = try? String(contentsOfFile: portFile, encoding: .utf8), text.hasSuffix("\n"),
                let port = Int(text.dropLast())
            {
                return (program, port, (ContinuousClock.now - start).seconds)
            }
            guard program.process.isRunning, ContinuousClock.now - start < .seconds(60) else {
                let log = (try? String(contentsOfFile: folder + "/\(command).log", encoding: .utf8)) ?? ""
                program.stop()
                throw ProgramFailure(message: "simpul \(command) did not start: \(log.suffix(600))")
            }
            usleep(1_000)
        }
    }

    /// Runs one to its end.
    /// - Returns: its standard output.
    @discardableResult
    static func output(_ path: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ProgramFailure(
                message: "\(path) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
        }
        return String(decoding: data, as: UTF8.self)
    }

    /// Processor seconds so far, in user and kernel mode (proc(5)).
    var processorSeconds: Double {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return .nan }
        // Fields 14 and 15, counted from the process' number; the name, in brackets, is the second.
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { return .nan }
        return (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// Resident memory in MB: now, or (`VmHWM`) at its most.
    func memory(_ field: String = "VmRSS") -> Double {
        guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix(field) }),
            let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return .nan }
        return kilobytes / 1_000
    }

    /// What became of it, for the message of a measurement that failed on it.
    func fate(log: String) -> String {
        let state = process.isRunning ? "is running" : "ended with \(process.terminationStatus)"
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return "the program \(state): \(text.suffix(600))"
    }

    func stop() {
        guard process.isRunning else { return }
        kill(pid, SIGTERM)
        process.waitUntilExit()
    }

    deinit { if process.isRunning { kill(pid, SIGKILL) } }
}

struct ProgramFailure: Error, CustomStringConvertible {
    let message: String
    var description: String { message }
}
