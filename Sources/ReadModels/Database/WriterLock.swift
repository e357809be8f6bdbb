import Foundation

/// Held by the one process that keeps a `models.db`, for as long as it does.
///
/// SQLite 3.7.0–3.51.2 can corrupt a WAL database when two connections write or checkpoint at the same moment, so
/// there is one writing connection on the machine, which also checkpoints.
final class WriterLock: Sendable {
    private let descriptor: Int32

    /// - Throws: `ReadModelError.locked` where another process holds it.
    init(path: String) throws(ReadModelError) {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .unusable(path: path, reason: String(cString: strerror(errno))) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .locked(path: path)
        }
    }

    deinit { close(descriptor) }
}
