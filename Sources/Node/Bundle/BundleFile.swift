import Foundation

/// Files of bundles, as they stand on a stick: written whole or not at all, read a piece at a time.
enum BundleFile {
    /// Writes beside the name first: a stick pulled out too early leaves no file that looks whole.
    final class Writer {
        private let path: String
        private let partial: String
        private let handle: FileHandle

        init(path: String) throws {
            self.path = path
            partial = path + ".part"
            guard !FileManager.default.fileExists(atPath: path) else {
                throw NodeError(.exists, "\(path) is there already", advice: "give another name; nothing was written")
            }
            // Private where the file system can say so; a stick's often cannot.
            guard
                FileManager.default.createFile(
                    atPath: partial, contents: nil, attributes: [.posixPermissions: 0o600]),
                let handle = FileHandle(forWritingAtPath: partial)
            else {
                throw NodeError(
                    .cannotWrite, "\(partial) cannot be written", advice: "check that the stick is there, and writable")
            }
            self.handle = handle
        }

        func write(_ bytes: [UInt8]) throws {
            do { try handle.write(contentsOf: bytes) } catch { throw failed(error) }
        }

        /// On the medium, under its name.
        func finish() throws {
            do {
                try handle.synchronize()
                try handle.close()
                try FileManager.default.moveItem(atPath: partial, toPath: path)
            } catch { throw failed(error) }
            // The new name has to be durable too. Not every file system lets a folder be synced: then it is as good as
            // it gets.
            let folder = open((path as NSString).deletingLastPathComponent.ifEmpty("."), O_RDONLY | O_DIRECTORY)
            if folder >= 0 {
                _ = fsync(folder)
                close(folder)
            }
        }

        func discard() {
            try? handle.close()
            try? FileManager.default.removeItem(atPath: partial)
        }

        private func failed(_ error: any Error) -> NodeError {
            NodeError(
                .cannotWrite, "\(path) could not be written: \(error.localizedDescription)",
                advice: "nothing is lost here; make room on the stick or take another, and export again")
        }
    }

    static let pieceBytes = 1 << 16

    /// Calls `body` with the file's bytes in order.
    static func read(_ path: String, _ body: (Data) throws -> Void) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw NodeError(.badInput, "\(path) cannot be read", advice: "check its name, and that the stick is there")
        }
        defer { try? handle.close() }
        while true {
            let piece: Data?
            do { piece = try handle.read(upToCount: pieceBytes) } catch {
                throw NodeError(
                    .badInput, "\(path) cannot be read: \(error.localizedDescription)",
                    advice: "the stick may be damaged; import what is whole with --partial, and ask for another copy")
            }
            guard let piece, !piece.isEmpty else { return }
            try body(piece)
        }
    }
}

extension String {
    fileprivate func ifEmpty(_ other: String) -> String { isEmpty ? other : self }
}
