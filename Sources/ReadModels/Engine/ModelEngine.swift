import Catalogue
import Event

/// Keeps the read models of a node up to date: the one writer of `models.db`.
///
/// Everything in the file is a function of the intake log and the catalogue; deleting the file loses nothing. Calls
/// block until their transaction is on disk: make them off the cooperative pool.
public final class ModelEngine: Sendable {
    /// Questions to the same file; usable while the engine writes.
    public let reader: ModelReader

    /// Opens or creates the file and installs the catalogue's models.
    /// - Throws: `ReadModelError` naming the file and what to do.
    public init(path: String, catalogue: Catalogue, options: EngineOptions = EngineOptions()) throws {
        reader = try ModelReader(path: path, catalogue: catalogue)
    }

    /// Model files that were not installed, each with file, line, and what to do instead.
    public var problems: [ModelProblem] { [] }

    /// Reads what the intake holds beyond the engine's cut, and brings the models there.
    ///
    /// Rows and cut commit together; what was committed stays when a later batch fails.
    /// - Parameter limit: stop after about so many lines.
    public func advance(from intake: any IntakeReader, limit: Int = .max) throws -> Advance {
        throw ReadModelError.failed(what: "Advancing the read models", reason: "not built yet")
    }

    /// Builds everything again from the first cut, beside the file in use, and switches when done.
    public func rebuild(from intake: any IntakeReader) throws -> Advance {
        throw ReadModelError.failed(what: "Rebuilding the read models", reason: "not built yet")
    }
}

/// How much memory and work the engine takes at a time.
public struct EngineOptions: Sendable {
    /// SQLite's page cache of the writer, in MiB.
    public var cacheMegabytes: Int
    /// Lines of one transaction.
    public var batchLines: Int

    public init(cacheMegabytes: Int = 256, batchLines: Int = 8_192) {
        self.cacheMegabytes = cacheMegabytes
        self.batchLines = batchLines
    }
}
