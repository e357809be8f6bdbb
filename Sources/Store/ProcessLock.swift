import Foundation

/// One writer at a time across processes, by `flock` on a file beside the database.
///
/// SQLite 3.7.0–3.51.2 can corrupt a WAL database when two connections write or checkpoint at the same moment
/// (the WAL-reset bug). Every write transaction of every process therefore runs while this lock is held.
final class ProcessLock: @unchecked Sendable {
    // Unchecked: `descriptor` is set once in init and only passed to flock, which is thread-safe; callers hold
    // GRDB's serialized writer while they use it.
    private let descriptor: Int32
    private let path: String

    init(path: String) throws(StoreError) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
    }

    deinit { close(descriptor) }

    func withLock<T>(waitingSeconds: Int = 60, _ body: () throws -> T) throws -> T {
        try acquire(waitingSeconds: waitingSeconds)
        defer { flock(descriptor, LOCK_UN) }
        return try body()
    }

    /// Polls rather than blocks for ever, so that a hung process elsewhere is named instead of hanging this one.
    private func acquire(waitingSeconds: Int) throws(StoreError) {
        var waited = 0
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw .unusable(path: path, reason: String(cString: strerror(errno)))
            }
            guard waited < waitingSeconds * 1_000 else { throw .busy(path: path, seconds: waitingSeconds) }
            usleep(2_000)
            waited += 2
        }
    }
}
