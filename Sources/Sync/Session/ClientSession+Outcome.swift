extension ClientSession {
    public enum Step: Sendable, Equatable {
        /// Both hold the same; keep the memory.
        case agreed
        /// Another request will bring more.
        case again
        /// The parent answered, but some logs cannot go on now; the refusals say why.
        case stuck
        /// The answer had no end: cut, or broken off by the parent, which then may have said why (`brokenOff`).
        /// What was receipted stands.
        case cut
    }

    /// What a sync moved.
    public struct Tally: Sendable, Equatable {
        public var requests = 0
        public var linesUp = 0
        public var linesDown = 0
        public var receipts = 0
        public var keys = 0
        /// Lines that came ahead of their logs.
        public var early = 0

        public init() {}
    }
}
