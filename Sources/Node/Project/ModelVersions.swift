import Catalogue
import Foundation
import Logging
import ReadModels
import Synchronization

/// Brings the engine in line with the files of models in the node's folder: which version of each is in use
/// (`catalogue/models`), and which are kept beside it (`catalogue/versions`).
///
/// Files are the wish and the engine follows, so that a command can ask for something while a server is the engine's
/// one process, and so that a restart changes nothing.
final class ModelVersions: Sendable {
    private let folder: NodeFolder
    /// The models of a catalogue that was read when the mark was this: reading it takes a quarter of a short command.
    private let read: (mark: Int, modelFiles: [URL])?
    private let followed = Mutex<Int?>(nil)

    init(folder: NodeFolder, read: (mark: Int, modelFiles: [URL])? = nil) {
        self.folder = folder
        self.read = read
    }

    /// Another number whenever one of the files is another one.
    var mark: Int {
        var hasher = Hasher()
        for place in [folder.catalogue + "/models", folder.modelVersions] {
            for name in ((try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []).sorted() {
                let attributes = try? FileManager.default.attributesOfItem(atPath: place + "/" + name)
                hasher.combine(name)
                hasher.combine(attributes?[.size] as? Int)
                hasher.combine(attributes?[.modificationDate] as? Date)
                hasher.combine(attributes?[.systemFileNumber] as? Int)
            }
        }
        return hasher.finalize()
    }

    /// Does what the files ask for. Looks at them only where one changed since.
    /// - Returns: the files of the models in use, where it looked.
    func follow(_ engine: ModelEngine, logger: Logger) throws -> [URL]? {
        let mark = mark
        guard followed.withLock({ $0 != mark }) else { return nil }
        let inFolder = URL(fileURLWithPath: folder.catalogue, isDirectory: true)
        let modelFiles =
            if let read, read.mark == mark { read.modelFiles } else {
                try Catalogue.bundled(extra: [inFolder]).modelFiles
            }
        // What is beside first: a version that is switched to must be known by then.
        let inUse = try Dictionary(uniqueKeysWithValues: engine.reader.models().map { ($0.name, $0.version) })
        let wanted = try files()
        let known = try engine.besideModels()
        for file in wanted where inUse[file.name] != file.version {
            if !known.contains(where: { $0.name == file.name && $0.version == file.version && $0.text == file.text }) {
                do {
                    try engine.addBeside(file: file.file, text: file.text)
                } catch let problems as ModelProblems {
                    // It was checked when it was asked for; what it reads has changed since. The others go on.
                    logger.error("model version", metadata: ["file": "\(file.file)", "reason": "\(problems)"])
                }
            }
        }
        try engine.use(modelFiles: modelFiles)
        for info in try engine.besideModels()
        where !wanted.contains(where: { $0.name == info.name && $0.version == info.version }) {
            try engine.dropBeside(info.name, version: info.version)
        }
        followed.withLock { $0 = mark }
        return modelFiles
    }

    /// The versions asked for beside those in use.
    private func files() throws -> [ModelFile] {
        guard FileManager.default.fileExists(atPath: folder.modelVersions) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.modelVersions)
            .filter { $0.hasSuffix(".sql") }.sorted()
            .map { try ModelFile(contentsOf: URL(fileURLWithPath: folder.modelVersions + "/" + $0)) }
    }
}

extension Node {
    /// Another number whenever a file of a model, or of a version of one, is another one.
    public var modelFilesMark: Int { ModelVersions(folder: folder).mark }

    /// Asks for a version of a model beside the one in use. Whoever keeps the models builds it.
    /// - Throws: `ModelProblems`, `NodeError` when the file is not that version of an installed model.
    public func wantModel(file path: String, name: String, version: Int) throws {
        let model = try ModelFile(contentsOf: URL(fileURLWithPath: path))
        guard model.name == name, model.version == version else {
            throw NodeError(
                .badInput, "\(path) is version \(model.version) of \(model.name), not version \(version) of \(name)",
                advice: "correct its heading, or the command")
        }
        let inUse = try modelInUse(name)
        guard inUse.version != version else {
            throw NodeError(
                .badInput, "version \(version) of \(name) is in use", advice: "give the changed model a new version")
        }
        let installer = CatalogueInstaller(folder: folder)
        // Whatever its file is called: it takes the place of the one of its own name.
        try installer.check(try installer.pieces([path]).map { $0.named(inUse.file) })
        try write(model)
    }

    /// Asks for a version that is complete beside the one in use to take its place; the one in use stays beside it.
    /// - Throws: `NodeError` where there is no such version, or it is not complete.
    public func switchModel(_ name: String, to version: Int) throws {
        let inUse = try modelInUse(name)
        guard inUse.version != version else { return }
        guard let info = try modelReader.besideModels().first(where: { $0.name == name && $0.version == version }),
            info.state == .ready
        else {
            throw NodeError(
                .badInput, "version \(version) of \(name) is not complete here",
                advice: "`simpul models list` shows what is; build it first with `simpul models build`")
        }
        // Kept first: what is in use must not be gone when the other cannot be written.
        try write(inUse)
        try NodeFolder.makePrivate(folder.catalogue + "/models")
        try NodeFolder.write(Data(info.text.utf8), to: folder.catalogue + "/models/" + inUse.file)
    }

    /// Gives up a version beside the one in use.
    /// - Throws: `NodeError` where a published figure names it.
    public func dropModel(_ name: String, version: Int) throws {
        guard try !modelReader.isPublished(name, version: version) else {
            throw NodeError(
                .badInput, "a published figure was made from version \(version) of \(name)",
                advice: "keep it, so that the figure can be repeated")
        }
        guard try modelInUse(name).version != version else {
            throw NodeError(
                .badInput, "version \(version) of \(name) is in use",
                advice: "switch to another first: `simpul models switch \(name) --version N`")
        }
        let path = folder.modelVersions + "/\(name)__v\(version).sql"
        guard FileManager.default.fileExists(atPath: path) else {
            throw NodeError(
                .badInput, "there is no version \(version) of \(name) beside the one in use",
                advice: "`simpul models list` shows the versions")
        }
        try FileManager.default.removeItem(atPath: path)
    }

    private func modelInUse(_ name: String) throws -> ModelFile {
        guard let model = try modelReader.file(of: name) else {
            throw NodeError(
                .badInput, "there is no model \(name) here", advice: "`simpul query --list` lists the models")
        }
        return model
    }

    private func write(_ model: ModelFile) throws {
        try NodeFolder.makePrivate(folder.modelVersions)
        try NodeFolder.write(
            Data(model.text.utf8), to: folder.modelVersions + "/\(model.name)__v\(model.version).sql")
    }
}
