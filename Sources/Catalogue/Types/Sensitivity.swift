/// Who may read a field, from everybody to a named office only.
///
/// The order matters: an event is as sensitive as its most sensitive field.
public enum Sensitivity: String, Sendable, Hashable, Comparable, CaseIterable {
    /// Reference data and published figures.
    case `public`
    /// Facts without identity (stages, purposes, risk answers): readable by hub and centre, never published
    /// alone.
    case `internal`
    /// What identifies a person. Encrypted under that person's key before it becomes a line.
    case personal
    /// Readable by one named office only.
    case sealed

    private var rank: Int {
        switch self {
        case .public: 0
        case .internal: 1
        case .personal: 2
        case .sealed: 3
        }
    }

    public static func < (left: Sensitivity, right: Sensitivity) -> Bool { left.rank < right.rank }
}
