import Foundation

/// A part of one processor for one program, and no more: a control group of the kernel where this user may make one,
/// else a program that is stopped for the rest of each tenth of a second.
final class ProcessorShare: @unchecked Sendable {
    // Unchecked: `pid` and `isOver` are touched under `lock`; all else is immutable.
    private static let period = 100_000

    private let share: Double
    private let group: String?
    private let lock = NSLock()
    private var pid: Int32?
    private var isOver = false

    /// How the share is held to, for the report.
    var means: String { group == nil ? "stopped and continued" : "control group" }

    /// - Parameter share: of one processor; 0.25 is a quarter.
    init(_ share: Double) {
        self.share = share
        group = Self.makeGroup(quota: Int(share * Double(Self.period)))
        if group == nil { Thread.detachNewThread { self.alternate() } }
    }

    /// The second version of control groups, then the first.
    private static func makeGroup(quota: Int) -> String? {
        let name = "simpul-bench-\(ProcessInfo.processInfo.processIdentifier)"
        let places: [(String, [(String, String)])] = [
            ("/sys/fs/cgroup/\(name)", [("cpu.max", "\(quota) \(period)")]),
            ("/sys/fs/cgroup/cpu/\(name)", [("cpu.cfs_period_us", "\(period)"), ("cpu.cfs_quota_us", "\(quota)")]),
        ]
        for (path, settings) in places where mkdir(path, 0o755) == 0 {
            if settings.allSatisfy({ write($1, to: "\(path)/\($0)") }) { return path }
            rmdir(path)
        }
        return nil
    }

    private static func write(_ text: String, to path: String) -> Bool {
        let file = open(path, O_WRONLY)
        guard file >= 0 else { return false }
        defer { close(file) }
        return Glibc.write(file, text, text.utf8.count) == text.utf8.count
    }

    /// The command that starts a program under this share from its first instruction on.
    func command(_ program: String, _ arguments: [String]) -> (program: String, arguments: [String]) {
        guard let group else { return (program, arguments) }
        return ("/bin/sh", ["-c", "echo $$ > '\(group)/cgroup.procs' && exec \"$0\" \"$@\"", program] + arguments)
    }

    /// Tells the number of the program that was started.
    func hold(_ pid: Int32) { lock.withLock { self.pid = pid } }

    /// Must come after the program's end.
    func release() {
        lock.withLock { (pid, isOver) = (nil, true) }
        // A group goes once the kernel has seen its last program off.
        if let group { for _ in 0..<100 where rmdir(group) != 0 && errno == EBUSY { usleep(10_000) } }
    }

    private func alternate() {
        let on = UInt32(share * Double(Self.period))
        while !lock.withLock({ isOver }) {
            signal(SIGCONT)
            usleep(on)
            signal(SIGSTOP)
            usleep(UInt32(Self.period) - on)
        }
    }

    private func signal(_ number: Int32) { lock.withLock { if let pid { kill(pid, number) } } }
}
