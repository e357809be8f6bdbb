/// Random fractions whose value is fixed by the generator's bits, so that a seed replays the same waits
/// everywhere.
enum Chance {
    /// From 0 up to, but not including, 1.
    static func fraction(_ generator: inout some RandomNumberGenerator) -> Double {
        Double(generator.next() >> 11) / Double(UInt64(1) << 53)
    }
}
