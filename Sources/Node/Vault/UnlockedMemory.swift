import CProcess
import Crypto
import Foundation
import Store

/// The master key while a node is unlocked: a file in memory (tmpfs) that only this user can read, gone when the machine
/// is switched off. All commands and services of the user find it there, and `simpul lock` takes it from all of them.
struct UnlockedMemory: Sendable {
    private struct Content: Codable {
        var master: Data
        /// Seconds without use after which it no longer counts; nil: until it is locked.
        var idle: Int?
    }

    let folder: String

    /// The usual folder for such files, in this order: `SIMPUL_RUNTIME`; what systemd gives a service or a login; shared
    /// memory.
    static var usualFolder: String {
        let variables = ProcessInfo.processInfo.environment
        for (name, below) in [("SIMPUL_RUNTIME", ""), ("RUNTIME_DIRECTORY", ""), ("XDG_RUNTIME_DIR", "/simpul")] {
            if let path = variables[name], path.hasPrefix("/") { return path + below }
        }
        return "/dev/shm/simpul-\(geteuid())"
    }

    private func path(_ file: VaultFile) -> String { folder + "/\(file.id)-\(file.generation).key" }

    /// Nil when locked. A file whose time is up is removed by whoever sees it first.
    func stamp(_ file: VaultFile) throws -> FileStamp? {
        guard let stamp = FileStamp(path(file)) else { return nil }
        guard try read(file) != nil else {
            try remove(file)
            return nil
        }
        return stamp
    }

    func load(_ file: VaultFile) throws -> SymmetricKey? { try read(file).map { SymmetricKey(data: $0.master) } }

    func idle(_ file: VaultFile) throws -> Int? { try read(file)?.idle }

    func store(_ master: SymmetricKey, _ file: VaultFile, idle: Int?) throws {
        try makeFolder()
        let content = Content(master: master.withUnsafeBytes { Data($0) }, idle: idle)
        try NodeFolder.write(try JSONEncoder().encode(content), to: path(file))
    }

    /// Somebody used it: the time starts anew.
    func touch(_ file: VaultFile) throws {
        let descriptor = Glibc.open(path(file), O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        futimens(descriptor, nil)
    }

    func remove(_ file: VaultFile) throws {
        let path = path(file)
        try Blank.file(path)
        guard unlink(path) == 0 || errno == ENOENT else {
            throw NodeError(.cannotWrite, "\(path): \(String(cString: strerror(errno)))", advice: "remove it by hand")
        }
    }

    /// Nil when there is none, or its time is up, or it is not ours alone.
    private func read(_ file: VaultFile) throws -> Content? {
        let descriptor = Glibc.open(path(file), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var info = stat()
        guard fstat(descriptor, &info) == 0, info.st_uid == geteuid(), info.st_mode & 0o077 == 0,
            let data = try handle.readToEnd(),
            let content = try? JSONDecoder().decode(Content.self, from: data), content.master.count == 32
        else { return nil }
        if let idle = content.idle, Date().timeIntervalSince1970 - Double(info.st_mtim.tv_sec) >= Double(idle) {
            return nil
        }
        return content
    }

    private func makeFolder() throws {
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw unusable(String(cString: strerror(errno))) }
        var info = stat()
        guard lstat(folder, &info) == 0, info.st_mode & S_IFMT == S_IFDIR, info.st_uid == geteuid(),
            info.st_mode & 0o077 == 0
        else { throw unusable("it is not a folder of this user alone") }
        guard simpul_is_in_memory(folder) == 1 else { throw unusable("it is on a disk, where a key must not stand") }
    }

    private func unusable(_ reason: String) -> NodeError {
        NodeError(
            .cannotWrite, "\(folder) cannot hold the key of an unlocked node: \(reason)",
            advice: "let SIMPUL_RUNTIME name a folder of this user on a tmpfs, such as /run/user/\(geteuid())/simpul")
    }
}
