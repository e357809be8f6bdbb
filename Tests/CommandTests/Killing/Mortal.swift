import Foundation
import Store

/// A process of the built command that may be told to die somewhere.
final class Mortal {
    enum Ending: Equatable {
        case ended(Int32)
        /// By SIGKILL which it gave itself at the point it was told.
        case died(Death)
    }

    struct Unexpected: Error, CustomStringConvertible {
        let description: String
    }

    let death: Death?
    private let arguments: [String]
    private let files: String
    let pid: pid_t
    /// As waitpid(2) told it, once it did.
    private var status: Int32?

    /// - Parameter files: path to which the names of its output files are added.
    init(
        _ arguments: [String], files: String, input: String? = nil, environment: [String: String], death: Death?
    ) throws {
        self.death = death
        self.arguments = arguments
        self.files = files
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("SIMPUL_") }
        variables.merge(environment) { $1 }
        if let death {
            variables["SIMPUL_CRASH_AT"] = "\(death)"
            variables["SIMPUL_CRASH_LOG"] = files + ".death"
        }
        if let input { try Data(input.utf8).write(to: URL(fileURLWithPath: files + ".input")) }
        pid = try Self.spawn(
            [Program.path] + arguments, variables.map { "\($0.key)=\($0.value)" },
            input: input == nil ? "/dev/null" : files + ".input", output: files + ".output", errors: files + ".errors")
    }

    /// Foundation's `Process` is made for a few children: after some hundred on several threads it ends in a crash.
    private static func spawn(
        _ arguments: [String], _ variables: [String], input: String, output: String, errors: String
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // Sockets of other tests stay here; a number that is not open is passed over.
        for descriptor in STDERR_FILENO + 1..<1_024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        let argv = arguments.map { strdup($0) } + [nil]
        let envp = variables.map { strdup($0) } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid: pid_t = 0
        let failure = posix_spawn(&pid, arguments[0], &actions, nil, argv, envp)
        guard failure == 0 else {
            throw Unexpected(description: "\(arguments[0]): \(String(cString: strerror(failure)))")
        }
        return pid
    }

    var isRunning: Bool {
        guard status == nil else { return false }
        var told: Int32 = 0
        guard waitpid(pid, &told, WNOHANG) == pid else { return true }
        status = told
        return false
    }

    var output: String { Self.text(files + ".output") }
    var errors: String { Self.text(files + ".errors") }

    /// Waits for the end.
    ///
    /// - Throws: `Unexpected` after a minute, or when it ended by a signal that was not asked for.
    func ending() throws -> Ending {
        guard runs(out: 60), let status else {
            kill(pid, SIGKILL)
            throw Unexpected(description: "simpul \(arguments) does not end. It said: \(errors)")
        }
        let signal = status & 0x7F
        guard signal != 0 else { return .ended(status >> 8 & 0xFF) }
        // What the process wrote before it died says that the point was really reached.
        let point = Self.text(files + ".death")
        guard signal == SIGKILL, let death, point == death.point.rawValue + "\n" else {
            throw Unexpected(
                description: "simpul \(arguments) ended by signal \(signal), log “\(point)”, told to "
                    + "die at \(death?.description ?? "no point"). It said: \(errors)")
        }
        return .died(death)
    }

    /// Whether it ends within that many seconds.
    func runs(out seconds: TimeInterval) -> Bool {
        let start = ContinuousClock.now
        while isRunning {
            guard start.duration(to: .now) < .seconds(seconds) else { return false }
            usleep(2_000)
        }
        return true
    }

    func terminate() { if isRunning { kill(pid, SIGTERM) } }

    deinit { if isRunning { kill(pid, SIGKILL) } }

    private static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
