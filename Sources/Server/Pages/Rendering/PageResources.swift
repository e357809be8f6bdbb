import Foundation
import Node

/// The files that the pages are made of: templates, texts, and what browsers fetch.
struct PageResources: Sendable {
    let folder: URL

    /// Beside the executable, where the build puts it, or under `share/simpul/pages` of the same prefix.
    static func bundled() throws(NodeError) -> PageResources {
        let program = Bundle.main.bundleURL
        let candidates = [
            program.appending(path: "simpul_Server.resources/Resources"),
            program.deletingLastPathComponent().appending(path: "share/simpul/pages"),
        ]
        guard let folder = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw NodeError(
                .damaged, "the program's own pages are missing: \(candidates[0].path)",
                advice: "keep simpul_Server.resources beside the program, or its content in \(candidates[1].path)")
        }
        return PageResources(folder: folder)
    }

    func data(_ path: String) throws(NodeError) -> Data {
        let url = folder.appending(path: path)
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw NodeError(.damaged, "\(url.path) cannot be read", advice: "install the program again")
        }
        return data
    }

    /// Names of the files of one kind in a folder, without the ending.
    func names(in folder: String, ending: String) throws(NodeError) -> [String] {
        let url = self.folder.appending(path: folder)
        do {
            return try FileManager.default.contentsOfDirectory(atPath: url.path)
                .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
        } catch {
            throw NodeError(.damaged, "\(url.path) cannot be read: \(error)", advice: "install the program again")
        }
    }
}
