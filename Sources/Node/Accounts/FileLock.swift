import Foundation

/// An exclusive lock between processes, held on an open file.
struct FileLock {
    private let descriptor: Int32

    /// Waits until the lock is free: its holders keep it for one small write.
    init(path: String) throws(NodeError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError(.cannotWrite, "\(path): \(String(cString: strerror(errno)))", advice: "check the folder")
        }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let reason = String(cString: strerror(errno))
                close(descriptor)
                throw NodeError(.cannotWrite, "\(path): \(reason)", advice: "check the file system")
            }
        }
    }

    /// Runs a body while no other process or thread runs one under the same path.
    static func held<Value>(_ path: String, _ body: () throws -> Value) throws -> Value {
        let lock = try FileLock(path: path)
        defer { lock.release() }
        return try body()
    }

    /// Closing the file gives the lock back.
    func release() { close(descriptor) }
}
