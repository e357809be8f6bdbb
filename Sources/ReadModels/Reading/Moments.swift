import Event

/// The instant by which an event stands in the order of meaning.
///
/// A clock at 1970 or 2036 is accepted, marked, and kept from winning: such events come before all others. Nothing
/// can have happened after it was recorded, beyond ten minutes: a later claim counts as the recording.
enum Moments {
    /// 2020-01-01 and 2036-01-01, in milliseconds since 1970.
    static let plausible: Range<Int64> = 1_577_836_800_000..<2_082_758_400_000
    static let tolerance: Int64 = 600_000
    private static let suspectShift: Int64 = 9_000_000_000_000_000
    static let suspectBelow: Int64 = -8_000_000_000_000_000

    /// - Parameters:
    ///   - occurred: the first moment that it can have been, in milliseconds since 1970.
    ///   - recorded: the writer's wall clock.
    ///   - clock: the milliseconds of the writer's hybrid clock.
    static func order(occurred: Int64, recorded: Int64, clock: Int64) -> Int64 {
        let order = min(occurred, recorded + tolerance)
        return plausible.contains(recorded) && plausible.contains(clock) ? order : order - suspectShift
    }

    /// A hybrid timestamp as one integer of the same order. Readings beyond the year 6429 do not fit; they are the
    /// doing of a broken clock, and come first.
    static func integer(_ time: HybridTimestamp) -> Int64 {
        time.milliseconds >> 47 == 0 ? time.milliseconds << 16 | Int64(time.counter) : -1
    }
}
