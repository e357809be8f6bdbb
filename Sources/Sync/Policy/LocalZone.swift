import Foundation

/// The time zone in which “at night” is meant.
///
/// Indonesia's three zones are fixed offsets without daylight saving, and known without any table. Others are
/// named as in the IANA data base (`Asia/Jakarta`), which the machine must have.
public struct LocalZone: Sendable, Hashable, CustomStringConvertible {
    public let description: String
    private let zone: TimeZone

    public static let wib = LocalZone(hours: 7, named: "WIB")
    public static let wita = LocalZone(hours: 8, named: "WITA")
    public static let wit = LocalZone(hours: 9, named: "WIT")

    /// - Throws: `ScheduleError.unknownZone`.
    public init(_ name: String) throws(ScheduleError) {
        let known = [LocalZone.wib, .wita, .wit].first { $0.description == name.uppercased() }
        if let known {
            self = known
        } else if let zone = TimeZone(identifier: name), name == "UTC" || name.contains("/") {
            self.init(zone: zone, named: name)
        } else {
            throw .unknownZone(name)
        }
    }

    private init(hours: Int, named name: String) {
        self.init(zone: TimeZone(secondsFromGMT: hours * 3_600) ?? .gmt, named: name)
    }

    private init(zone: TimeZone, named name: String) {
        self.zone = zone
        description = name
    }

    /// The moment at which clocks there show `secondsOfDay` on the day `offset` days after that of `moment`.
    ///
    /// Where clocks skip that time of day, it is the same stretch of time after midnight; where they show it
    /// twice, one of the two.
    func moment(secondsOfDay: Int, dayOffset offset: Int, from moment: Date) -> Date {
        let day = (local(moment) / 86_400).rounded(.down) + Double(offset)
        let shown = day * 86_400 + Double(secondsOfDay)
        let near = Date(timeIntervalSince1970: shown - seconds(at: Date(timeIntervalSince1970: shown)))
        return Date(timeIntervalSince1970: shown - seconds(at: near))
    }

    /// Seconds east of UTC.
    private func seconds(at moment: Date) -> Double { Double(zone.secondsFromGMT(for: moment)) }

    private func local(_ moment: Date) -> Double { moment.timeIntervalSince1970 + seconds(at: moment) }
}
