import Crypto
import Foundation

/// How a canary may be written where nobody thinks of it.
enum Disguise: String, CaseIterable, Sendable {
    case plain, base64, hexadecimal, percent, escaped, digest, binary

    /// What to look for, in lower case; bytes that contain `needle` in this disguise contain one of these, whatever the
    /// case of its letters and whatever stands around it.
    func patterns(_ needle: String) -> [[UInt8]] {
        if self == .binary { return Self.binary(needle) }
        var patterns: Set<[UInt8]> = []
        for spelling in Set([needle, needle.lowercased(), needle.uppercased()]) {
            let bytes = Array(spelling.utf8)
            switch self {
            case .plain: patterns.insert(bytes)
            case .base64: for shift in 0...2 { patterns.insert(Self.base64(bytes, shift: shift)) }
            case .hexadecimal: patterns.insert(Array(Self.hexadecimal(bytes).utf8))
            case .percent: patterns.insert(Array(bytes.map { "%" + Self.hexadecimal([$0]) }.joined().utf8))
            case .escaped: patterns.insert(Array(bytes.map { "\\u00" + Self.hexadecimal([$0]) }.joined().utf8))
            case .digest:
                // A digest of a number is the number to whoever tries all of them.
                let digest = Array(SHA256.hash(data: Data(bytes)))
                patterns.formUnion([
                    Array(digest.prefix(12)), Array(Self.hexadecimal(digest).utf8.prefix(24)),
                    Array(Data(digest).base64EncodedString().utf8.prefix(24)),
                ])
            case .binary: break
            }
        }
        return patterns.map(CanaryScanner.lowered)
    }

    /// The characters that depend on `bytes` alone when `shift` bytes of something stand before them in their group.
    private static func base64(_ bytes: [UInt8], shift: Int) -> [UInt8] {
        let text = Array(Data(Array(repeating: 0, count: shift) + bytes).base64EncodedString().utf8)
        return Array(text[[0, 2, 3][shift]..<(shift + bytes.count) * 8 / 6])
    }

    /// A number as a database keeps it: eight bytes, most significant first.
    private static func binary(_ needle: String) -> [[UInt8]] {
        guard let number = Int64(needle), number > 1 << 47 else { return [] }
        return [CanaryScanner.lowered(withUnsafeBytes(of: number.bigEndian) { Array($0) })]
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
}

/// Looks for all canaries in all disguises at once.
final class CanaryScanner {
    struct Hit: Hashable {
        let canary: Int
        let disguise: Disguise
    }

    private struct Pattern {
        let bytes: [UInt8]
        let hit: Hit
    }

    /// Patterns by their first eight bytes, and a table that says quickly that there is none.
    private var patterns: [UInt64: [Pattern]] = [:]
    private let isPossible: UnsafeMutableBufferPointer<Bool>
    private static let tableBits: UInt64 = 20

    init(_ canaries: [Canary]) {
        isPossible = .allocate(capacity: 1 << Self.tableBits)
        isPossible.initialize(repeating: false)
        for (index, canary) in canaries.enumerated() {
            for needle in canary.needles {
                for disguise in Disguise.allCases {
                    for bytes in disguise.patterns(needle) where bytes.count >= 8 {
                        let start = bytes[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                        patterns[start, default: []].append(
                            Pattern(bytes: bytes, hit: Hit(canary: index, disguise: disguise)))
                        isPossible[Self.slot(start)] = true
                    }
                }
            }
        }
    }

    deinit { isPossible.deallocate() }

    private static func slot(_ window: UInt64) -> Int {
        Int(truncatingIfNeeded: (window &* 0x9E37_79B9_7F4A_7C15) >> (64 - tableBits))
    }

    /// ASCII letters in lower case.
    static func lowered(_ bytes: [UInt8]) -> [UInt8] { bytes.map { 0x41 <= $0 && $0 <= 0x5A ? $0 | 0x20 : $0 } }

    /// What is found in bytes, and in the same without zero bytes, which is what UTF-16 and UTF-32 leave.
    func hits(in bytes: [UInt8]) -> Set<Hit> {
        let lowered = Self.lowered(bytes)
        var hits = search(lowered)
        if lowered.contains(0) { hits.formUnion(search(lowered.filter { $0 != 0 })) }
        return hits
    }

    private func search(_ bytes: [UInt8]) -> Set<Hit> {
        var hits: Set<Hit> = []
        var window: UInt64 = 0
        bytes.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress, let table = isPossible.baseAddress else { return }
            var index = 0
            while index < bytes.count {
                window = window &<< 8 | UInt64(base[index])
                index &+= 1
                guard table[Int(truncatingIfNeeded: (window &* 0x9E37_79B9_7F4A_7C15) &>> 44)], index >= 8 else {
                    continue
                }
                for pattern in patterns[window] ?? []
                where index - 8 + pattern.bytes.count <= bytes.count
                    && bytes[index - 8..<index - 8 + pattern.bytes.count].elementsEqual(pattern.bytes)
                {
                    hits.insert(pattern.hit)
                }
            }
        }
        return hits
    }
}
