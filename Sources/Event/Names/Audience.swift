/// For whom a log is kept.
public enum Audience: Hashable, Sendable, CustomStringConvertible {
    /// Everyone whose region is this one, in it, or around it.
    case region(RegionCode)
    /// Nobody else: the log never leaves its node.
    case local

    public init(_ text: String) throws(NameError) {
        if text == "local" {
            self = .local
            return
        }
        do {
            self = .region(try RegionCode(text))
        } catch {
            throw NameError(.audience, text)
        }
    }

    public var region: RegionCode? {
        if case .region(let region) = self { region } else { nil }
    }

    public var description: String {
        switch self {
        case .region(let region): region.description
        case .local: "local"
        }
    }

    /// Whether a node of a region exchanges logs of this audience with its parent: those of its own region, of the
    /// regions around it and of those in it. Decided by the names alone.
    public func isInScope(of region: RegionCode) -> Bool {
        guard let own = self.region else { return false }
        return own.isAtOrBelow(region) || own.isAtOrAbove(region)
    }
}
