/// A version of a model beside the one in use.
public struct BesideInfo: Sendable, Hashable {
    public enum State: String, Sendable, Hashable {
        case building
        /// Complete, and kept up with every batch.
        case ready
        /// It could not be kept up; `failure` says why. It is not built again by itself.
        case failed
    }

    public var name: String
    public var version: Int
    public var state: State
    /// Keys that are still to be worked out, as far as is known.
    public var waiting: Int64
    public var failure: String?
    public var file: String
    public var text: String
}
