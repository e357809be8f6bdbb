/// SplitMix64: small, fast, and the same lines in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A UUID of version 4, in lower case.
    mutating func uuid() -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        let words = (next(), next())
        for index in 0..<32 {
            if [8, 12, 16, 20].contains(index) { text.append(UInt8(ascii: "-")) }
            let word = index < 16 ? words.0 : words.1
            var digit = Int(word >> UInt64(60 - 4 * (index % 16)) & 15)
            if index == 12 { digit = 4 }
            if index == 16 { digit = 8 | digit & 3 }
            text.append(digits[digit])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
