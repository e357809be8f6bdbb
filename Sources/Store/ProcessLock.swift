import Foundation

/// One writer at a time, across threads and processes.
///
/// SQLite 3.7.0–3.51.2 can corrupt a WAL database when two connections write or checkpoint at the same moment
/// (the WAL-reset bug). Every write transaction of every process therefore runs while this lock is held.
///
/// `flock` belongs to an open file, not to a thread: a second thread of this process would be let in, and the first
/// to leave would open the door for other processes. So threads queue at a lock of their own first.
///
/// A second file is the queue at the door: who waits holds it, so that a process that writes without pause cannot
/// keep another one out.
final class ProcessLock: @unchecked Sendable {
    // Unchecked: the descriptors are set once in init and used only while `threads` is held.
    private let threads = NSLock()
    private let door: Int32
    private let queue: Int32
    private let path: String

    init(path: String) throws(StoreError) {
        self.path = path
        door = try Self.open(path)
        do {
            queue = try Self.open(path + ".queue")
        } catch {
            close(door)
            throw error
        }
    }

    deinit {
        close(door)
        close(queue)
    }

    func withLock<T>(waitingSeconds: Int = 60, _ body: () throws -> T) throws -> T {
        let deadline = Date(timeIntervalSinceNow: TimeInterval(waitingSeconds))
        guard threads.lock(before: deadline) else { throw StoreError.busy(path: path, seconds: waitingSeconds) }
        defer { threads.unlock() }
        try acquire(queue, until: deadline, seconds: waitingSeconds)
        do {
            defer { flock(queue, LOCK_UN) }
            try acquire(door, until: deadline, seconds: waitingSeconds)
        }
        defer { flock(door, LOCK_UN) }
        return try body()
    }

    /// Polls rather than blocks for ever, so that a hung process elsewhere is named instead of hanging this one.
    private func acquire(_ descriptor: Int32, until deadline: Date, seconds: Int) throws(StoreError) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw .unusable(path: path, reason: String(cString: strerror(errno)))
            }
            guard Date() < deadline else { throw .busy(path: path, seconds: seconds) }
            usleep(1_000)
        }
    }

    private static func open(_ path: String) throws(StoreError) -> Int32 {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        return descriptor
    }
}
