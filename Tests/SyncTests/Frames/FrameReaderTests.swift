import CZstd
import Event
import Foundation
import Sync
import TestKit
import Testing

@Suite struct FrameReaderTests {
    // MARK: - What a body is made of

    @Test func aBodyGivesItsFramesInOrderWhereverItIsDivided() throws {
        var author = try Author()
        author.write(40)
        let frames = [try author.frame(0, 10), try author.frame(10, 11), try author.frame(11, 40)]
        let body = try frames.flatMap { try Frame.lines($0).encoded() }
        for chunk in [1, 7, 64, 1_000_000] {
            let read = try contents(of: body, chunk: chunk)
            #expect(read.map(\.from) == [0, 10, 11])
            #expect(read.flatMap { frame in (0..<frame.count).map { Array(frame.line(at: $0)) } } == author.lines)
        }
    }

    @Test func aBodyCutAnywhereGivesTheFramesBeforeTheCut() throws {
        var author = try Author()
        author.write(3)
        let parts = try [try author.frame(0, 1), try author.frame(1, 3)].map { try Frame.lines($0).encoded() }
        let body = parts.flatMap { $0 }
        for end in 0...body.count {
            let reader = try FrameReader()
            try reader.feed(body[..<end])
            var whole = 0
            while try reader.next() != nil { whole += 1 }
            #expect(whole == (end == body.count ? 2 : end >= parts[0].count ? 1 : 0), "cut at \(end)")
            #expect(reader.isMidFrame == (end != 0 && end != parts[0].count && end != body.count), "cut at \(end)")
        }
    }

    /// Blocks of other sizes than our own encoder makes: the decoder holds output back until it is asked again.
    @Test func aFrameOfUnevenBlocksIsWholeAsSoonAsItsLastByteIsHere() throws {
        let sizes = [100_000, 131_072, 131_072, 7]
        var frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]
        for (index, size) in sizes.enumerated() { frame += runBlock(size, isLast: index == sizes.count - 1) }
        let reader = try FrameReader()
        try reader.feed(frame)
        let content = try #require(try reader.nextContent())
        #expect(content.count == sizes.reduce(0, +))
        #expect(!reader.isMidFrame)
    }

    /// A block that repeats one newline.
    private func runBlock(_ size: Int, isLast: Bool) -> [UInt8] {
        let header = size << 3 | 1 << 1 | (isLast ? 1 : 0)
        return [UInt8(header & 0xff), UInt8(header >> 8 & 0xff), UInt8(header >> 16 & 0xff), UInt8(ascii: "\n")]
    }

    private func contents(of body: [UInt8], chunk: Int) throws -> [LinesFrame] {
        let reader = try FrameReader()
        var frames: [LinesFrame] = []
        for start in stride(from: 0, to: body.count, by: chunk) {
            try reader.feed(body[start..<min(start + chunk, body.count)])
            while let frame = try reader.next() {
                guard case .lines(let lines) = frame else { continue }
                frames.append(lines)
            }
        }
        return frames
    }

    // MARK: - Limits

    @Test(arguments: [3 << 20, 1 << 30])
    func aBombIsRefusedWithBoundedMemory(size: Int) throws {
        // Blocks of one repeated byte: 4 bytes each for 128 KiB.
        var bomb: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]
        for _ in 0..<size / 131_072 { bomb += runBlock(131_072, isLast: false) }
        let before = residentBytes()
        let reader = try FrameReader()
        try reader.feed(bomb)
        #expect(throws: FrameError.self) { _ = try reader.next() }
        #expect(residentBytes() - before < 64 << 20)
    }

    @Test func aLargerWindowThanAllowedIsMalformed() throws {
        for (window, isAllowed) in [(0x68 as UInt8, true), (0x70, false), (0xf8, false)] {
            // Window descriptor: exponent in the upper five bits, from 2^10.
            let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, window] + runBlock(1, isLast: true)
            let reader = try FrameReader()
            try reader.feed(frame)
            #expect(((try? reader.nextContent()) != nil) == isAllowed, "window \(window)")
        }
    }

    @Test func skippableAndOldFramesNeverReachTheDecoder() throws {
        for magic in [0x184d_2a50, 0x184d_2a5f, 0xfd2f_b524, 0xfd2f_b525, 0xfd2f_b526, 0xfd2f_b527, 0x1eb5_2ffd]
            as [UInt32]
        {
            let bytes = (0..<4).map { UInt8(truncatingIfNeeded: magic >> (8 * $0)) } + [4, 0, 0, 0, 1, 2, 3, 4]
            #expect(code(bytes) == .malformed, "magic \(String(magic, radix: 16))")
        }
    }

    @Test func bytesAfterAFrameThatAreNoFrameEndTheBody() throws {
        let body = try Frame.control([hello]).encoded() + Array("HTTP/1.1 200 OK".utf8)
        let reader = try FrameReader()
        try reader.feed(body)
        #expect(try reader.next() != nil)
        #expect(throws: FrameError.self) { _ = try reader.next() }
    }

    @Test func aBodyOverItsLimitIsTooLarge() throws {
        let reader = try FrameReader(limit: 100)
        #expect(throws: FrameError(.tooLarge, "the body is larger than 100 bytes; send the rest in another request")) {
            try reader.feed(Array(repeating: 0, count: 101))
        }
    }

    @Test func moreFramesThanAllowedAreTooLarge() throws {
        let frame = try Frame.control([hello]).encoded(level: 1)
        let reader = try FrameReader()
        for _ in 0..<Limits.requestFrames {
            try reader.feed(frame)
            #expect(try reader.nextContent() != nil)
        }
        try reader.feed(frame)
        #expect(throws: FrameError.self) { _ = try reader.nextContent() }
    }

    // MARK: - The form of a frame

    @Test func aLineOfTheLongestLengthGoesThroughAndOneMoreDoesNot() throws {
        var author = try Author()
        author.write(bytes: Array(repeating: UInt8(ascii: "a"), count: Limits.lineBytes))
        author.write(bytes: Array(repeating: UInt8(ascii: "a"), count: Limits.lineBytes + 1))
        #expect(code(try Frame.lines(try author.frame(0, 1)).encoded()) == nil)
        #expect(code(try Frame.lines(try author.frame(1, 2)).encoded()) == .tooLarge)
    }

    @Test func asManyLinesAsAllowedGoThroughAndOneMoreDoesNot() throws {
        var author = try Author()
        author.write(Limits.frameLines + 1)
        let note = try author.checkpoint(1)
        for (count, expected) in [(Limits.frameLines, nil), (Limits.frameLines + 1, RefusalCode.tooLarge)] {
            let frame = LinesFrame(log: author.log, from: 0, lines: Array(author.lines.prefix(count)), note: note)
            #expect(code(try Frame.lines(frame).encoded()) == expected)
        }
    }

    @Test func anEmptyLineIsMalformed() throws {
        var author = try Author()
        author.write(1)
        author.write(bytes: [])
        #expect(code(try Frame.lines(try author.frame(0, 2)).encoded()) == .malformed)
    }

    @Test(arguments: [
        #"[1]"#, #""text""#, #"null"#, #"{"a":1,"a":2}"#, #"{"a":1e3}"#, #"{"a":"\ud800"}"#, #"{"a":"#, "",
        #"{"frame":"lines","log":"x","from":0,"count":1}"#, #"{"frame":"branches"}"#,
        String(repeating: "[", count: 17) + String(repeating: "]", count: 17),
        #"{"a":"# + String(repeating: "[", count: 16) + String(repeating: "]", count: 16) + "}",
    ])
    func recordsThatAreNoStrictObjectsAreMalformed(record: String) throws {
        #expect(code(try Zstd.compress(Array((record + "\n").utf8))) == .malformed)
    }

    @Test(arguments: [#""x""#, "{}", "null", "[1]", #"["AA=="]"#, "[" + String(repeating: "0,", count: 64) + "0]"])
    func aProofOfAnotherFormIsMalformed(proof: String) throws {
        var author = try Author()
        author.write(1)
        let note = try author.checkpoint(1).replacingOccurrences(of: "\n", with: "\\n")
        let text = """
            {"frame":"lines","log":"\(author.log)","from":0,"count":1}
            line 0
            {"checkpoint":"\(note)","proof":\(proof)}

            """
        #expect(code(try Zstd.compress(Array(text.utf8))) == .malformed)
    }

    private var hello: JSON { .object([JSONMember("hello", .int(1))]) }

    private func code(_ body: [UInt8]) -> RefusalCode? {
        do {
            let reader = try FrameReader()
            try reader.feed(body)
            while try reader.next() != nil {}
            return reader.isMidFrame ? .gap : nil
        } catch {
            return error.code
        }
    }
}

/// Resident memory of this process, from proc(5).
private func residentBytes() -> Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
}
