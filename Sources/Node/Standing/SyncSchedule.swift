import Foundation

/// Tells others that a program syncs this folder by the clock, for as long as it runs: only then may a page promise that
/// records go up by themselves. Held as a lock, which a program that dies lets go of.
public struct SyncSchedule: Sendable {
    private let descriptor: Int32

    private static func path(_ folder: NodeFolder) -> String { folder.path + "/schedule.lock" }

    /// - Throws: `NodeError` when the folder cannot be written to.
    public init(keeping folder: NodeFolder) throws {
        descriptor = open(Self.path(folder), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeError(
                .cannotWrite, "\(Self.path(folder)): \(String(cString: strerror(errno)))", advice: "check the folder")
        }
        // Shared: two schedules do no harm. A look at it lasts no time, so this does not wait.
        while flock(descriptor, LOCK_SH) != 0 && errno == EINTR {}
    }

    public func end() { close(descriptor) }

    /// Whether any program keeps a schedule here now.
    public static func isKept(_ folder: NodeFolder) -> Bool {
        let descriptor = open(path(folder), O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }
}
