import Foundation

/// A small file system of its own; only root can mount one.
public final class SmallDisk: Sendable {
    public static let canBeMade = geteuid() == 0

    public let folder: TestFolder

    public init(megabytes: Int) throws {
        folder = try TestFolder("disk")
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(megabytes)m,mode=0700") == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }

    deinit { umount2(folder.path, Int32(MNT_DETACH)) }

    /// Takes all that is free but `spare` bytes.
    public func fill(leaving spare: Int = 0) throws {
        var space = statvfs()
        guard statvfs(folder.path, &space) == 0 else { return }
        let free = Int(space.f_bavail) * Int(space.f_frsize) - spare
        let path = folder.file("ballast")
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        if free > 0 { posix_fallocate(descriptor, 0, free) }
    }

    public func free() { unlink(folder.file("ballast")) }

    public func remount(readOnly: Bool) -> Bool {
        mount("tmpfs", folder.path, "tmpfs", UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0), nil) == 0
    }
}
