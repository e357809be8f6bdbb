import Catalogue
import Foundation
import ReadModels

/// A folder that goes away with the test.
final class TestFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("readmodels-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var database: String { url.appendingPathComponent("models.db").path }

    func engine(
        catalogue: Catalogue? = nil, batchLines: Int = 64, name: String = "models.db"
    ) throws -> ModelEngine {
        try ModelEngine(
            path: url.appendingPathComponent(name).path, catalogue: try catalogue ?? Catalogue.bundled(),
            options: EngineOptions(cacheMegabytes: 16, batchLines: batchLines))
    }

    func write(_ text: String, to name: String) throws -> URL {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file
    }
}
