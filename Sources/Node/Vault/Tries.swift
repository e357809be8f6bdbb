import Foundation

/// Wrong tries in a row, in a file of their own: a pause after each, also across restarts and processes.
///
/// It slows down whoever sits at the machine. Whoever took the disk away is slowed down by scrypt alone.
struct Tries {
    private struct Content: Codable {
        var failures = 0
        /// Seconds since 1970 before which no try is looked at.
        var closedUntil: Double?
    }

    let path: String
    let now: @Sendable () -> Date

    /// Runs one try while no other one runs.
    ///
    /// - Parameter attempt: nil when the secret was wrong.
    /// - Throws: `NodeError` `.denied` after a wrong try, `.wait` before its time.
    func run<Value>(_ what: String, _ attempt: () throws -> Value?) throws -> Value {
        let lock = try FileLock(path: path + ".lock")
        defer { lock.release() }
        var content = load()
        let moment = now().timeIntervalSince1970
        // A clock that was set back must not close the door for years.
        if let closed = content.closedUntil, closed > moment, closed - moment <= 900 {
            throw NodeError(
                .wait, "too many wrong tries; the next one is looked at in \(Int((closed - moment).rounded(.up))) s",
                advice: "wait, then try again; nothing is lost")
        }
        if let value = try attempt() {
            if content.failures > 0 { try save(Content()) }
            return value
        }
        content.failures += 1
        content.closedUntil = Accounts.pause(after: content.failures).map { moment + $0 }
        try save(content)
        throw NodeError(.denied, "\(what) is wrong", advice: "try again; nothing was changed and nothing is lost")
    }

    private func load() -> Content {
        // A damaged count starts anew: it protects nothing against whoever can write here.
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Content.self, from: $0) }
            ?? Content()
    }

    private func save(_ content: Content) throws {
        try NodeFolder.write(try JSONEncoder().encode(content), to: path)
    }
}
