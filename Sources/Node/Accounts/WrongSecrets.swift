import Foundation

/// Wrong tries in a row at one name, and the pause that they earned.
struct WrongSecrets: Codable, Sendable, Hashable {
    var failures = 0
    /// Seconds since 1970 before which no further try is looked at.
    var closedUntil: Double?
    /// Seconds since 1970 of the last try.
    var last = 0.0

    /// Seconds that are left of the pause at `moment`.
    func wait(at moment: Double) -> Int? {
        // A clock that was set back must not close the door for years.
        guard let closedUntil, closedUntil > moment, closedUntil - moment <= Accounts.longestPause else { return nil }
        return Int((closedUntil - moment).rounded(.up))
    }

    mutating func fail(at moment: Double) {
        failures += 1
        last = moment
        closedUntil = Accounts.pause(after: failures).map { moment + $0 }
    }
}
