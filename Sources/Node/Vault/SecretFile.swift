import Foundation
import Store

/// Files whose old bytes must not stay on the disk.
enum SecretFile {
    /// Replaces a file, all or nothing, then overwrites what it was.
    static func replace(_ path: String, with data: Data) throws {
        let old = Glibc.open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        defer { if old >= 0 { close(old) } }
        try NodeFolder.write(data, to: path)
        if old >= 0 { try Blank.open(old, path: path) }
    }
}
