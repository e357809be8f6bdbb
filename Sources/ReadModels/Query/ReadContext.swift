import Event
import GRDB

/// One state of the file, to answer from: what is known now, or as of an earlier cut or day.
struct ReadContext {
    let connection: SQLConnection
    let registry: ModelRegistry
    /// The cut that the rows are of.
    let cut: Int64
    let asOf: AsOf
    /// Where the tables of folds and roll-ups are: worked out as of a moment, they are temporary.
    var tables = "main"

    /// Whether the answers are of the newest state.
    var isLive: Bool { asOf.trueAt == nil && asOf.cut == nil }
}
