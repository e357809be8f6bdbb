/// A moment with its offset from UTC, as RFC 3339 writes it: `2026-08-14T09:30:00+07:00`.
///
/// The text is kept as it was written. Narrower than the RFC where it leaves a choice: capital `T` and `Z`, seconds
/// below 60, at most nine digits of a second.
public struct DateTime: Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// Milliseconds since 1970-01-01T00:00:00Z; finer digits are cut off.
    public let milliseconds: Int64
    /// Minutes east of UTC.
    public let offsetMinutes: Int

    /// Reads an RFC 3339 date-time; nil where the text has any other form or names no moment.
    public init?(_ text: String) {
        var reader = DigitReader(text)
        guard let date = reader.date(), reader.take("T"), let hour = reader.number(digits: 2), hour < 24,
            reader.take(":"), let minute = reader.number(digits: 2), minute < 60,
            reader.take(":"), let second = reader.number(digits: 2), second < 60,
            let fraction = reader.fractionInMilliseconds(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        let minutes = date.daysSince1970 * 1_440 + hour * 60 + minute - offset
        self.milliseconds = Int64(minutes * 60 + second) * 1_000 + Int64(fraction)
        self.offsetMinutes = offset
        self.description = text
    }

    /// Writes a moment with milliseconds.
    /// - Parameters:
    ///   - milliseconds: since 1970; clamped to the years 1 to 9999.
    ///   - offsetMinutes: minutes east of UTC, 420 for WIB; clamped to ±23:59.
    public init(milliseconds: Int64, offsetMinutes: Int = 0) {
        let offset = max(-1_439, min(offsetMinutes, 1_439))
        // A day is left at each end, so that no offset leads out of the four-digit years.
        let moment = max(-62_135_510_400_000, min(milliseconds, 253_402_214_399_999))
        let local = Int(moment) + offset * 60_000
        let dayLength = 86_400_000
        let days = (local >= 0 ? local : local - dayLength + 1) / dayLength
        let inDay = local - days * dayLength
        let date = CivilDate(daysSince1970: days)?.description ?? "1970-01-01"
        let time = [inDay / 3_600_000, inDay / 60_000 % 60, inDay / 1_000 % 60]
            .map { padded($0, 2) }.joined(separator: ":")
        let zone = "\(offset < 0 ? "-" : "+")\(padded(abs(offset) / 60, 2)):\(padded(abs(offset) % 60, 2))"
        self.description = "\(date)T\(time).\(padded(inDay % 1_000, 3))\(offset == 0 ? "Z" : zone)"
        self.milliseconds = moment
        self.offsetMinutes = offset
    }

    /// The day on the wall calendar where it happened: `2026-08-14`.
    public var localDate: String { String(description.prefix(10)) }
}

/// Reads fixed-width fields from the start of a text.
struct DigitReader {
    private var rest: Substring.UTF8View

    init(_ text: String) {
        rest = text[...].utf8
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest.removeFirst()
        return true
    }

    mutating func number(digits: Int) -> Int? {
        guard rest.count >= digits else { return nil }
        var value = 0
        for byte in rest.prefix(digits) {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
        }
        rest.removeFirst(digits)
        return value
    }

    mutating func date() -> CivilDate? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
            let day = number(digits: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// 0 where there is no fraction; nil where a point has no or more than nine digits after it.
    mutating func fractionInMilliseconds() -> Int? {
        guard take(".") else { return 0 }
        var value = 0
        var digits = 0
        while let digit = number(digits: 1) {
            digits += 1
            if digits <= 3 { value = value * 10 + digit }
        }
        guard (1...9).contains(digits) else { return nil }
        for _ in min(digits, 3)..<3 { value *= 10 }
        return value
    }

    /// Minutes east of UTC.
    mutating func offset() -> Int? {
        if take("Z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(digits: 2), hours < 24, take(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        let offset = hours * 60 + minutes
        return isWest ? -offset : offset
    }
}
