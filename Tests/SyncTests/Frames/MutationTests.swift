import Event
import Sync
import TestKit
import Testing

/// Damaged input of every kind ends in an error with a code, never in a trap. Seeds repeat a failure.
@Suite struct MutationTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func damagedBodiesAreReadOrRefused(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        var author = try Author()
        author.write(30) { "{\"id\":\"\($0)\"}" }
        let body =
            try Frame.control([hello]).encoded() + Frame.lines(try author.frame(0, 20, under: 30)).encoded()
            + Frame.lines(try author.frame(20, 30)).encoded()
        for _ in 0..<400 { read(damaged(body, &dice)) }
    }

    /// Damage below the compression, where it reaches the text.
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func damagedContentsAreReadOrRefused(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        var author = try Author()
        author.write(12)
        let contents = [Frame.lines(try author.frame(0, 5, under: 12)).content, Frame.control([hello, key]).content]
        for _ in 0..<400 {
            for content in contents {
                let bytes = damaged(content, &dice)
                guard let frame = try? Frame(content: bytes) else { continue }
                visit(frame)
            }
        }
    }

    private func read(_ bytes: [UInt8]) {
        do {
            let reader = try FrameReader()
            try reader.feed(bytes)
            while let frame = try reader.next() { visit(frame) }
        } catch {
            #expect(!error.detail.isEmpty)
        }
    }

    /// Uses all that a session would use of a frame.
    private func visit(_ frame: Frame) {
        switch frame {
        case .lines(let lines):
            for index in 0..<lines.count { _ = lines.line(at: index).count }
            #expect(lines.end >= lines.from)
        case .control(let records):
            for record in records {
                _ = try? Hello(json: record)
                _ = try? StateRecord(json: record)
                _ = try? EndRecord(json: record)
                _ = try? RefusedRecord(json: record)
                _ = try? Receipt(json: record)
                _ = try? KeyShare(json: record)
            }
        }
    }

    private func damaged(_ bytes: [UInt8], _ dice: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &dice) {
            let at = Int.random(in: 0..<max(bytes.count, 1), using: &dice)
            switch Int.random(in: 0..<5, using: &dice) {
            case 0 where !bytes.isEmpty: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            case 1 where !bytes.isEmpty: bytes.remove(at: at)
            case 2: bytes.insert(contentsOf: dice.bytes(Int.random(in: 1...9, using: &dice)), at: min(at, bytes.count))
            case 3: bytes = Array(bytes.prefix(at))
            default: bytes += bytes.suffix(from: min(at, bytes.count))
            }
        }
        return bytes
    }

    private var hello: JSON {
        .object([
            JSONMember("hello", .int(1)), JSONMember("node", .string("lontar-a")),
            JSONMember("epoch", .string("c2056f288da571c7")), JSONMember("region", .string("36.04.13.2007")),
            JSONMember("table", .string("x")), JSONMember("mark", .string("")),
            JSONMember(
                "rows",
                .array([
                    .array([
                        .string("lontar-a/36.04.13.2007:main/c2056f288da571c7"), .int(3),
                        .string("D76x4OJf9LnZU21Um41HVvSWVyp33Yfz2bAA9NOipHM="),
                    ])
                ])), JSONMember("full", .bool(true)), JSONMember("ask", .bool(false)),
            JSONMember("receipts", .string("x")), JSONMember("keys", .string("x")), JSONMember("max", .int(1)),
        ])
    }

    private var key: JSON {
        .object([
            JSONMember("key", .string("7ad3069f-aa51-4690-9c15-861fcc8ca0b6/1")),
            JSONMember("region", .string("36.04.13.2007")), JSONMember("top", .string("36.04")),
            JSONMember("to", .string("hub-serang")), JSONMember("box", .string(Base64Text.of(80))),
            JSONMember("by", .string("lontar-a")),
        ])
    }
}

enum Base64Text {
    /// Base64 of so many zero bytes.
    static func of(_ count: Int) -> String {
        let groups = String(repeating: "AAAA", count: count / 3)
        return groups + ["", "AA==", "AAA="][count % 3]
    }
}
