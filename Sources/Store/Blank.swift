import Foundation

/// Overwrites files with zeros where they stand, so that what is deleted or replaced is not read from the disk.
///
/// It reaches the same blocks on file systems that write in place (ext4, xfs). A solid-state disk, and a file system that
/// copies on write, may keep old blocks: only a disk encrypted from the start protects against that.
public enum Blank {
    /// Nothing happens when there is no such file.
    public static func file(_ path: String) throws(StoreError) {
        let descriptor = Glibc.open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        try open(descriptor, path: path)
    }

    /// - Parameter path: for the error's words; the file may have another name by now, or none.
    public static func open(_ descriptor: Int32, path: String) throws(StoreError) {
        var info = stat()
        var isDone = fstat(descriptor, &info) == 0
        let zeros = [UInt8](repeating: 0, count: 65_536)
        var offset = 0
        while isDone, offset < info.st_size {
            let written = pwrite(descriptor, zeros, min(zeros.count, Int(info.st_size) - offset), off_t(offset))
            isDone = written > 0
            offset += max(written, 0)
        }
        guard isDone, fsync(descriptor) == 0 else {
            throw .writeFailed(
                path: path, reason: "its old content is not overwritten: \(String(cString: strerror(errno)))")
        }
    }
}
