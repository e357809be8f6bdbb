extension JSONScanner {
    /// Up to this many members each key is compared with those before it; beyond, keys are sorted when the object
    /// closes, so that the cost of a hostile object stays n·log n.
    static let pairwiseMembers = 32

    mutating func refuseDuplicateOfLastKey(_ base: UnsafePointer<UInt8>) throws(JSONError) {
        let depth = frames.count - 1
        frames[depth].members += 1
        guard frames[depth].members <= JSONScanner.pairwiseMembers else { return }
        let last = tokens.count - 1
        let lastKey = tokens[last]
        var index = frames[depth].token + 1
        while index < last {
            let earlier = tokens[index]
            let mayBeEqual = earlier.link == lastKey.link || earlier.hasEscapes || lastKey.hasEscapes
            if mayBeEqual, JSONScanner.areEqual(earlier, lastKey, base) {
                throw JSONError(.duplicateKey, at: Int(lastKey.start) - 1)
            }
            index = Int(tokens[index + 1].link)
        }
    }

    func refuseDuplicates(in frame: Frame, _ base: UnsafePointer<UInt8>) throws(JSONError) {
        var keys: [JSONToken] = []
        keys.reserveCapacity(frame.members)
        var index = frame.token + 1
        while index < tokens.count {
            keys.append(tokens[index])
            index = Int(tokens[index + 1].link)
        }
        keys.sort { JSONScanner.isLess($0, $1, base) }
        var firstRepeat: UInt32?
        for (left, right) in zip(keys, keys.dropFirst()) where JSONScanner.areEqual(left, right, base) {
            firstRepeat = min(firstRepeat ?? .max, max(left.start, right.start))
        }
        if let firstRepeat { throw JSONError(.duplicateKey, at: Int(firstRepeat) - 1) }
    }

    private static func areEqual(
        _ left: JSONToken, _ right: JSONToken, _ base: UnsafePointer<UInt8>
    ) -> Bool {
        if !left.hasEscapes, !right.hasEscapes {
            let count = left.range.count
            guard count == right.range.count else { return false }
            for offset in 0..<count where base[Int(left.start) + offset] != base[Int(right.start) + offset] {
                return false
            }
            return true
        }
        return content(left, base).elementsEqual(content(right, base))
    }

    private static func isLess(
        _ left: JSONToken, _ right: JSONToken, _ base: UnsafePointer<UInt8>
    ) -> Bool {
        content(left, base).lexicographicallyPrecedes(content(right, base))
    }

    private static func content(
        _ token: JSONToken, _ base: UnsafePointer<UInt8>
    ) -> IteratorSequence<JSONStringDecoder> {
        IteratorSequence(
            JSONStringDecoder(UnsafeBufferPointer(start: base + Int(token.start), count: token.range.count)))
    }

    /// A digest of a key from its length and up to sixteen of its bytes. Equal keys have equal digests; different
    /// keys nearly always different ones, and are compared in full where not.
    @inline(__always)
    static func digest(_ start: UnsafePointer<UInt8>, count: Int) -> UInt32 {
        var word: UInt64
        if count >= 8 {
            word = load(start) ^ (load(start + count - 8) &* 0x9E37_79B9_7F4A_7C15)
        } else {
            word = load(start) & ((1 << UInt64(count * 8)) - 1)
        }
        word = (word ^ UInt64(count)) &* 0xD6E8_FEB8_6659_FD93
        return UInt32(truncatingIfNeeded: word >> 32)
    }
}
