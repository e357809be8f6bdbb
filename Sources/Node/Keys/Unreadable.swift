import Catalogue
import Event

/// Why what identifies a person is not shown: the one mark that every reader puts in its place, on pages, in lists and
/// in exports (`docs/queries.md`).
public enum Unreadable: String, Error, Sendable, Hashable, CaseIterable {
    /// The key is not on this node: it comes with a sync, or never, above the hub.
    case noKey = "no-key"
    /// The key was destroyed by an order of erasure.
    case erased
    /// Consent to this use was withdrawn or has run out.
    case withheld = "consent-withdrawn"
    /// The box does not open under its key.
    case damaged = "cannot-open"

    /// The mark as people see it.
    public var mark: LocalizedText {
        switch self {
        case .noKey: LocalizedText(id: "[tanpa kunci]", en: "[no key]")
        case .erased: LocalizedText(id: "[dihapus]", en: "[erased]")
        case .withheld: LocalizedText(id: "[persetujuan ditarik]", en: "[consent withdrawn]")
        case .damaged: LocalizedText(id: "[tidak dapat dibuka]", en: "[cannot be opened]")
        }
    }

    /// The mark as programs see it, in place of `personal`: `{"unreadable":"erased"}`.
    public var json: JSON { .object([JSONMember("unreadable", .string(rawValue))]) }
}
