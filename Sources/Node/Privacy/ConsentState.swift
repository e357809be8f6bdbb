import Catalogue
import Event

/// What a person has allowed to be done with her data, from the lines about it (Law 27/2022, articles 20 to 25).
public struct ConsentState: Sendable, Hashable {
    /// The purpose that recording and showing identity serve, where a type names no other.
    public static let protection = "protection"
    /// Being contacted again: telephone numbers are shown for it.
    public static let contact = "contact"
    /// Codes of LAWFUL that stand without consent.
    static let basesWithoutConsent: Set<String> = ["vital", "legal", "public_task"]

    /// Code of LAWFUL, of the registration; nil while she is not registered here.
    public private(set) var basis: String?
    /// Codes of PURPOSE in force, with the last day of each, `2026-08-14`; nil: without end.
    public private(set) var granted: [String: String?] = [:]
    /// Codes of PURPOSE that were granted or asked for and then taken back.
    public private(set) var withdrawn: Set<String> = []

    public init() {}

    /// Takes up one more line or draft, in the order of the hybrid clock.
    mutating func take(_ type: String, _ data: JSON) {
        let purposes = (data["purposes"]?.arrayValue ?? []).compactMap(\.stringValue)
        switch type {
        case "person.registered": basis = data["lawful_basis"]?.stringValue ?? basis
        case "privacy.consent_granted":
            for purpose in purposes {
                granted[purpose] = .some(data["expires_on"]?.stringValue)
                withdrawn.remove(purpose)
            }
        case "privacy.consent_withdrawn":
            for purpose in purposes {
                granted[purpose] = nil
                withdrawn.insert(purpose)
            }
        default: break
        }
    }

    /// Whether identity may be recorded for a purpose.
    ///
    /// - Parameter day: the local day, `2026-08-14`.
    public func allows(_ purpose: String, on day: String) -> Bool {
        if let basis, Self.basesWithoutConsent.contains(basis) { return true }
        guard let end = granted[purpose] else { return false }
        return end.map { day <= $0 } ?? true
    }

    /// Whether use must stop: consent was the basis, and it was withdrawn or has run out.
    ///
    /// Where no consent ever stood, nothing that identifies was recorded here; what came from elsewhere is judged there.
    public func forbids(_ purpose: String, on day: String) -> Bool {
        if let basis, Self.basesWithoutConsent.contains(basis) { return false }
        if withdrawn.contains(purpose) { return true }
        guard let end = granted[purpose], let end else { return false }
        return day > end
    }
}
