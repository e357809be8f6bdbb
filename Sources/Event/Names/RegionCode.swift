/// A place in Indonesia's administrative tree, by its Kemendagri code: the nation `id`, province `36`, regency
/// `36.04`, district `36.04.13` or village `36.04.13.2007`.
///
/// Only the form is checked. Codes come and go between editions, so whether a code exists is asked of a catalogue.
public struct RegionCode: Hashable, Sendable {
    public enum Level: Int, Hashable, Sendable, Comparable, CaseIterable {
        case nation, province, regency, district, village

        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    public let level: Level
    /// The ten digits of a village code as one number; digits below the level are zero.
    private let digits: UInt64

    private init(level: Level, digits: UInt64) {
        self.level = level
        self.digits = digits
    }

    public static let nation = RegionCode(level: .nation, digits: 0)

    /// What one step at a level is worth in `digits`; everything below it belongs to one place of that level.
    private static func unit(_ level: Level) -> UInt64 {
        switch level {
        case .nation: 10_000_000_000
        case .province: 100_000_000
        case .regency: 1_000_000
        case .district: 10_000
        case .village: 1
        }
    }

    public init(_ text: String) throws(NameError) {
        if text == "id" {
            self = .nation
            return
        }
        let level: Level
        switch text.utf8.count {
        case 2: level = .province
        case 5: level = .regency
        case 8: level = .district
        case 13: level = .village
        default: throw NameError(.region, text)
        }
        var digits: UInt64 = 0
        for (position, byte) in text.utf8.enumerated() {
            if position == 2 || position == 5 || position == 8 {
                guard byte == UInt8(ascii: ".") else { throw NameError(.region, text) }
            } else {
                guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { throw NameError(.region, text) }
                digits = digits * 10 + UInt64(byte - UInt8(ascii: "0"))
            }
        }
        self.init(level: level, digits: digits * RegionCode.unit(level))
    }

    /// The place one level up; nil for the nation.
    public var parent: RegionCode? {
        Level(rawValue: level.rawValue - 1).flatMap { ancestor(at: $0) }
    }

    /// The place of a level that this one lies in, or is; nil where the level is below this one's.
    public func ancestor(at wanted: Level) -> RegionCode? {
        guard wanted <= level else { return nil }
        let unit = RegionCode.unit(wanted)
        return RegionCode(level: wanted, digits: digits / unit * unit)
    }

    /// Whether this place is the other or lies in it.
    public func isAtOrBelow(_ other: RegionCode) -> Bool {
        ancestor(at: other.level) == other
    }

    /// Whether this place is the other or contains it.
    public func isAtOrAbove(_ other: RegionCode) -> Bool {
        other.isAtOrBelow(self)
    }
}

extension RegionCode: Comparable {
    /// A place comes before the places in it, and those before its next neighbour.
    public static func < (left: RegionCode, right: RegionCode) -> Bool {
        (left.digits, left.level) < (right.digits, right.level)
    }
}

extension RegionCode: CustomStringConvertible {
    public var description: String {
        if level == .nation { return "id" }
        var text: [UInt8] = []
        var divisor = RegionCode.unit(.province) * 10
        let digitCount = [0, 2, 4, 6, 10][level.rawValue]
        for position in 0..<digitCount {
            if position == 2 || position == 4 || position == 6 { text.append(UInt8(ascii: ".")) }
            text.append(UInt8(ascii: "0") + UInt8(digits / divisor % 10))
            divisor /= 10
        }
        return String(decoding: text, as: UTF8.self)
    }
}
