import Catalogue
import Event

/// Answers questions from `models.db`, in this process or in another one than the engine's.
///
/// Calls block: make them off the cooperative pool.
public final class ModelReader: Sendable {
    /// - Throws: `ReadModelError` where the file is missing or not one of ours.
    public init(path: String, catalogue: Catalogue) throws {}

    /// The cut that the models stand at.
    public var cut: Int64 { get throws { 0 } }

    /// Every installed model, by name.
    public func models() throws -> [ModelInfo] { [] }

    public func query(_ query: ModelQuery) throws -> Answer { throw notBuilt }

    /// The lines behind a row, in the order of meaning.
    /// - Parameters:
    ///   - key: the values of the model's key columns, in order.
    ///   - intake: where the bytes of lines are, for their hashes.
    public func explain(
        _ model: String, key: [ModelValue], asOf: AsOf = .now, scope: RegionCode, intake: any IntakeReader
    ) throws -> [ExplainedLine] { throw notBuilt }

    /// SHA-256, in hexadecimal, of a model's rows in the order of its key: equal content, equal digest.
    public func digest(of model: String) throws -> String { throw notBuilt }

    /// The digests of every model that has rows of its own, by name.
    public func digests() throws -> [String: String] { throw notBuilt }

    /// How far a log is counted, and which of its lines are not.
    public func counted(_ log: LogName) throws -> CountedLog { throw notBuilt }

    public func outcome(_ log: LogName, _ sequence: Int64) throws -> LineOutcome { throw notBuilt }

    /// Lines that do not count, newest first.
    public func parked(log: LogName? = nil, limit: Int = 1_000) throws -> [ParkedLine] { throw notBuilt }

    public func completeness(
        of region: RegionCode, period: Period?, today: LocalDay, asOf: AsOf = .now
    ) throws -> Completeness { throw notBuilt }

    /// Published figures whose value has changed since.
    public func restatements(
        scope: RegionCode, today: LocalDay, intake: any IntakeReader
    ) throws -> [Restatement] { throw notBuilt }

    private var notBuilt: ReadModelError { .failed(what: "Querying the read models", reason: "not built yet") }
}
