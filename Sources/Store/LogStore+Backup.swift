import Event
import Foundation
import GRDB

extension LogStore {
    /// Writes a copy of the logs as they stand between two transactions into a new file, durably.
    public func backUp(to path: String) throws {
        try database.copy(to: path)
        let descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StoreError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        defer { Glibc.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
            throw StoreError.writeFailed(path: path, reason: String(cString: strerror(errno)))
        }
    }
}
