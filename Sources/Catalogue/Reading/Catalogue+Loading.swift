import Foundation

extension Catalogue {
    /// Reads catalogue folders. Each may hold `events/`, `codelists/`, `rules/` (JSON files) and `models/`
    /// (SQL files); what a later folder holds adds to or overrides what came before.
    public static func load(folders: [URL]) throws(CatalogueError) -> Catalogue {
        var files: [CatalogueFile] = []
        var models: [String: URL] = [:]
        for folder in folders {
            guard FileManager.default.fileExists(atPath: folder.path) else {
                throw CatalogueError(
                    file: folder.path, what: "The catalogue folder does not exist.",
                    fix: "Create it or name another.")
            }
            for part in CatalogueFile.Part.allCases {
                for url in try contents(of: folder.appending(path: part.rawValue), extension: "json") {
                    files.append(CatalogueFile(part: part, path: url.path, bytes: try bytes(of: url)))
                }
            }
            for url in try contents(of: folder.appending(path: "models"), extension: "sql") {
                models[url.lastPathComponent] = url
            }
        }
        return try Catalogue(files: files, modelFiles: models.sorted { $0.key < $1.key }.map(\.value))
    }

    /// The catalogue that the program brings, with further folders on top.
    public static func bundled(extra: [URL] = []) throws(CatalogueError) -> Catalogue {
        try load(folders: [try bundledFolder()] + extra)
    }

    /// The folder of the catalogue that the program brings: beside the executable, where the build puts it,
    /// or under `share/simpul/catalogue` of the same prefix, where an installation may put it.
    public static func bundledFolder() throws(CatalogueError) -> URL {
        let executables = Bundle.main.bundleURL
        let candidates = [
            executables.appending(path: "simpul_Catalogue.resources/Resources"),
            executables.deletingLastPathComponent().appending(path: "share/simpul/catalogue"),
        ]
        guard let folder = candidates.first(where: { FileManager.default.fileExists(atPath: $0.path) }) else {
            throw CatalogueError(
                file: candidates[0].path, what: "The program's own catalogue is missing.",
                fix:
                    "Keep simpul_Catalogue.resources beside the program, or its content in \(candidates[1].path)."
            )
        }
        return folder
    }

    /// Files of one kind, sorted by name so that every machine reads them in the same order.
    private static func contents(of folder: URL, extension ending: String) throws(CatalogueError) -> [URL] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
                .filter { $0.pathExtension == ending }
                .sorted { $0.lastPathComponent < $1.lastPathComponent }
        } catch {
            throw CatalogueError(
                file: folder.path, what: "The folder cannot be read: \(error.localizedDescription).",
                fix: "Check its permissions.")
        }
    }

    private static func bytes(of url: URL) throws(CatalogueError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: url))
        } catch {
            throw CatalogueError(
                file: url.path, what: "The file cannot be read: \(error.localizedDescription).",
                fix: "Check its permissions.")
        }
    }
}
