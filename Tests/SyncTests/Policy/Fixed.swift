import Foundation

/// Chance that always comes out as the same fraction.
struct Fixed: RandomNumberGenerator {
    let bits: UInt64

    /// - Parameter fraction: from 0 up to, but not including, 1.
    init(_ fraction: Double) { bits = UInt64(fraction * Double(UInt64(1) << 53)) << 11 }

    mutating func next() -> UInt64 { bits }

    static var none: Fixed { Fixed(0) }
    static var half: Fixed { Fixed(0.5) }
    static var most: Fixed { Fixed(1.0.nextDown) }
}

/// A seeded stream (splitmix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// A moment written as RFC 3339.
func at(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }
