/// Mistakes that tests put into a node on purpose, one at a time, to see that they would be found: see
/// `Tests/SimulationTests`. Not in release builds.
public enum Mistake: CaseIterable, Sendable {
    /// A receipt leaves before the lines are on the disk.
    case receiptBeforeCommit
    /// The sender goes on from what it remembers to have sent, not from what the receiver states.
    case resumeFromMemory
    /// Another history of a log is refused and thrown away.
    case branchDropped
    /// A correction is applied to whatever stands at the sequence that it names.
    case correctionBySequence
    /// A revocation spares what came before it and bars what came after.
    case revocationByArrival

    @inline(__always)
    public var isPlanted: Bool {
        #if DEBUG
            Self.planted == self
        #else
            false
        #endif
    }

    #if DEBUG
        /// The mistake that this task makes: other tests of the process make none.
        @TaskLocal package static var planted: Mistake?
    #endif
}
