import Foundation

/// Named places at which a test makes a process die as if power failed: see `Tests/CommandTests/Killing`.
///
/// `SIMPUL_CRASH_AT=name:n` kills the process when it comes to the place for the nth time, and
/// `SIMPUL_CRASH_LOG=file` gets a line first, so that the test knows that it fired. Not in release builds.
public enum CrashPoint: String, CaseIterable, Sendable {
    case beforeAppend = "before-append"
    case insideTransaction = "inside-transaction"
    case afterCommit = "after-commit"
    case beforeSending = "before-sending"
    case afterSending = "after-sending"
    case beforeReceipt = "before-receipt"
    case beforeCursor = "before-cursor"
    case midFold = "mid-fold"

    @inline(__always)
    public func reach() {
        #if DEBUG
            Self.armed?.reach(self)
        #endif
    }

    #if DEBUG
        private static let armed = Armed(ProcessInfo.processInfo.environment)
    #endif
}

#if DEBUG
    /// The place at which this process is to die.
    private final class Armed: @unchecked Sendable {
        // Unchecked: `left` is only touched while `lock` is held.
        private let point: CrashPoint
        private let journal: String?
        private let lock = NSLock()
        private var left: Int

        init?(_ environment: [String: String]) {
            guard let parts = environment["SIMPUL_CRASH_AT"]?.split(separator: ":"), parts.count == 2,
                let point = CrashPoint(rawValue: String(parts[0])), let count = Int(parts[1])
            else { return nil }
            self.point = point
            left = count
            journal = environment["SIMPUL_CRASH_LOG"]
        }

        func reach(_ reached: CrashPoint) {
            guard reached == point else { return }
            lock.withLock {
                left -= 1
                guard left == 0 else { return }
                if let journal {
                    let descriptor = open(journal, O_WRONLY | O_CREAT | O_APPEND, 0o600)
                    let text = Array("\(point.rawValue)\n".utf8)
                    _ = write(descriptor, text, text.count)
                }
                kill(getpid(), SIGKILL)
            }
        }
    }
#endif
