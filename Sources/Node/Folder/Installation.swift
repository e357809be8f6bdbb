import Crypto
import Foundation

/// Where a node's folder stands: the machine and the very file. A copy by `cp` has another file, a copy of the whole
/// disk in another laptop has another machine where that can be told.
struct Installation: Sendable {
    /// Of this folder on this machine: a digest of machine and file, and after a blank digests of the built-in disks, as
    /// far as this process may see them.
    let mark: String
    /// For an operator: the host's name and the start of the mark's digest.
    let machine: String

    init(_ folder: NodeFolder) {
        var info = stat()
        let inode = stat(folder.path + "/log.db", &info) == 0 ? "\(info.st_ino)" : ""
        let disks = Self.disks()
        mark =
            "\(Self.digest("\(Self.text("/etc/machine-id"))/\(inode)")) \(disks.map(Self.digest).joined(separator: ","))"
        let identity = Self.text("/etc/machine-id") + "/" + disks.joined(separator: ",")
        let host = Self.text("/proc/sys/kernel/hostname").utf8.filter { $0 > 0x20 && $0 < 0x7f }.prefix(48)
        machine = "\(String(decoding: host, as: UTF8.self))/\(Self.digest(identity + inode).prefix(8))"
    }

    /// The built-in disks, by their makers' serial numbers: what a cloned disk cannot take along.
    private static func disks() -> [String] {
        // Not there in a container, or in a service with devices of its own: then it tells nothing.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/dev/disk/by-id")) ?? []
        return names.filter { ($0.hasPrefix("ata-") || $0.hasPrefix("nvme-")) && !$0.contains("-part") }.sorted()
    }

    private static func text(_ path: String) -> String {
        // Not there on every system: then it tells nothing.
        guard let data = FileManager.default.contents(atPath: path) else { return "" }
        return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func digest(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).prefix(8).map { String(format: "%02x", $0) }.joined()
    }
}
