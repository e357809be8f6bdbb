import Testing

@testable import Event

/// Laws that hold for all values and all bytes, tried on many that a seed repeats.
@Suite struct JSONPropertyTests {
    @Test(arguments: 0..<400)
    func whatIsWrittenIsReadBackTheSame(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = JSON.random(depth: 1, using: &generator)
        let text = value.encoded()
        let read = try JSON.parse(text, limits: .document)
        #expect(read == value)
        #expect(read.encoded() == text)
        #expect(read.hashValue == value.hashValue)
    }

    /// Whatever happens to the bytes, they are read or refused, and what is read can be written and read again.
    @Test(arguments: 0..<60)
    func noBytesTrap(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let text = JSON.random(depth: 1, using: &generator).encoded()
        for _ in 0..<200 {
            let mutated = text.mutated(using: &generator)
            guard let value = try? JSON.parse(mutated) else { continue }
            #expect(try JSON.parse(value.encoded(), limits: .document) == value)
        }
    }

    @Test(arguments: 0..<60)
    func cuttingAValueShortIsNoticed(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let text = JSON.object([JSONMember("a", JSON.random(depth: 2, using: &generator))]).encoded()
        for length in 0..<text.count {
            #expect(throws: JSONError.self) { try JSON.parse(text.prefix(length), limits: .document) }
        }
    }

    @Test(arguments: 0..<60)
    func randomBytesNeverTrap(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet =
            Array("{}[]\",:\\u0d8ef1 -.eE\n\ttrufalsn".utf8) + [0, 0x80, 0xC3, 0xA9, 0xED, 0xF0, 0xFF]
        for _ in 0..<300 {
            let length = Int.random(in: 0..<40, using: &generator)
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            do throws(JSONError) {
                _ = try JSON.parse(bytes)
            } catch {
                #expect(error.offset <= bytes.count)
            }
        }
    }
}

extension JSON {
    static func random(depth: Int, using generator: inout SeededGenerator) -> JSON {
        switch Int.random(in: 0..<(depth < 8 ? 9 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &generator))
        case 2:
            return .int(Int64.random(in: -9_007_199_254_740_991...9_007_199_254_740_991, using: &generator))
        case 3: return .int(Int64.random(in: -100...100, using: &generator))
        case 4:
            let whole = Int.random(in: -999_999...999_999, using: &generator)
            return .decimal("\(whole).\(Int.random(in: 1...9_999_999, using: &generator))")
        case 5, 6: return .string(String.random(using: &generator))
        case 7:
            let count = Int.random(in: 0..<5, using: &generator)
            return .array((0..<count).map { _ in JSON.random(depth: depth + 1, using: &generator) })
        default:
            let count = Int.random(in: 0..<5, using: &generator)
            return .object(
                (0..<count).map { index in
                    let key = "\(index)" + String.random(using: &generator)
                    return JSONMember(key, JSON.random(depth: depth + 1, using: &generator))
                })
        }
    }
}

extension String {
    /// Letters, what has to be escaped, and characters of two to four bytes.
    static func random(using generator: inout SeededGenerator) -> String {
        let characters: [Unicode.Scalar] = [
            "a", "b", "z", "0", " ", "\"", "\\", "/", "\n", "\t", "\u{1}", "\u{7f}", "é", "\u{301}", "€",
            "\u{ffef}",
            "🌾", "\u{10fffd}",
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0..<24, using: &generator) {
            text.unicodeScalars.append(characters.randomElement(using: &generator) ?? "a")
        }
        return text
    }
}

extension [UInt8] {
    /// With a few bytes changed, inserted, removed or doubled.
    func mutated(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = self
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
            case 3: bytes.remove(at: place)
            default: bytes.insert(contentsOf: bytes[place..<Swift.min(place + 8, bytes.count)], at: place)
            }
        }
        return bytes
    }
}
