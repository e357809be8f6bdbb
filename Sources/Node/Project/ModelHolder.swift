import Catalogue
import Foundation
import ReadModels
import Synchronization

/// The read models of a node, opened when somebody first needs them.
///
/// One process at a time is their writer. A server keeps them open for as long as it runs; a command opens them for
/// one step and lets go, so that recording, syncing and asking work beside a running server.
final class ModelHolder: Sendable {
    private struct Kept {
        var engine: ModelEngine?
        var reader: ModelReader?
        /// Those in use now, where they are others than when this program started.
        var modelFiles: [URL]?
    }

    private let path: String
    private let catalogue: Catalogue
    private let options: EngineOptions
    private let kept = Mutex(Kept())

    init(path: String, catalogue: Catalogue, options: EngineOptions) {
        self.path = path
        self.catalogue = catalogue
        self.options = options
    }

    /// The writer, kept open from now on.
    ///
    /// - Throws: `ReadModelError.locked` while another process is the writer.
    func engine() throws -> ModelEngine {
        try kept.withLock { kept in
            if let engine = kept.engine { return engine }
            let engine = try ModelEngine(
                path: path, catalogue: catalogue, modelFiles: kept.modelFiles, options: options)
            kept.engine = engine
            kept.reader = engine.reader
            return engine
        }
    }

    /// Answers from what is in the file, whoever writes it.
    func reader() throws -> ModelReader {
        try kept.withLock { kept in
            if let reader = kept.reader { return reader }
            let reader = try ModelReader(path: path)
            kept.reader = reader
            return reader
        }
    }

    /// The models that engines opened from now on keep.
    func use(_ files: [URL]) { kept.withLock { $0.modelFiles = files } }

    /// After a rebuild by a writer that was not kept: the reader has the file open that was replaced.
    func renewReader() { kept.withLock { if $0.engine == nil { $0.reader = nil } } }

    /// Runs a body with the writer: the one kept, or one that is closed afterwards.
    func withEngine<Value>(_ body: (ModelEngine) throws -> Value) throws -> Value {
        let (engine, files) = kept.withLock { ($0.engine, $0.modelFiles) }
        if let engine { return try body(engine) }
        return try body(ModelEngine(path: path, catalogue: catalogue, modelFiles: files, options: options))
    }
}
