/// One file of a catalogue folder, by its path inside the folder: `events/visit.recorded.json`.
public struct CatalogueFile: Sendable, Hashable {
    public enum Part: String, Sendable, Hashable, CaseIterable {
        case events, codelists, rules, access
    }

    public var part: Part
    /// The path shown in errors.
    public var path: String
    public var bytes: [UInt8]

    public init(part: Part, path: String, bytes: [UInt8]) {
        self.part = part
        self.path = path
        self.bytes = bytes
    }
}
