import Foundation
import Testing

@testable import Sync

@Suite struct `The pace of a line` {
    @Test func `halves with each cut, down to 4 KiB`() {
        var pace = LinePace(frameBytes: 32 << 10, requestBytes: 1 << 20)
        var seen: [Int] = []
        for _ in 0..<5 {
            pace.wasCut(kept: .max)
            seen.append(pace.frameBytes >> 10)
        }
        #expect(seen == [16, 8, 4, 4, 4])
        #expect(pace.requestBytes == 32 << 10)
    }

    @Test func `does not risk more in a request than came through before the cut`() {
        var pace = LinePace(frameBytes: 64 << 10, requestBytes: 32 << 20)
        pace.wasCut(kept: 200_000)
        #expect(pace.requestBytes == 200_000)
        pace.wasCut(kept: 0)
        #expect(pace.frameBytes == 16 << 10)
        #expect(pace.requestBytes == 64 << 10)
    }

    @Test func `doubles while the line holds, up to a whole frame`() {
        var pace = LinePace(frameBytes: 4 << 10, requestBytes: 16 << 10)
        for _ in 0..<11 {
            pace.succeeded(largestFrame: pace.frameBytes, carried: pace.requestBytes, took: .seconds(3))
        }
        #expect(pace.frameBytes == 1 << 20)
        #expect(pace.requestBytes == 32 << 20)
    }

    @Test func `grows carefully beyond where the last cut left it`() {
        var pace = LinePace(frameBytes: 64 << 10, requestBytes: 1 << 20)
        pace.wasCut(kept: .max)
        pace.succeeded(largestFrame: 32 << 10, carried: 512 << 10, took: .seconds(3))
        #expect(pace.frameBytes == 36 << 10)
        #expect(pace.requestBytes == 576 << 10)
    }

    @Test func `does not grow from a request that had little to say, or took long`() {
        let before = LinePace(frameBytes: 8 << 10, requestBytes: 64 << 10)
        var pace = before
        pace.succeeded(largestFrame: 200, carried: 200, took: .seconds(1))
        pace.succeeded(largestFrame: 8 << 10, carried: 64 << 10, took: .seconds(61))
        #expect(pace == before)
    }

    @Test func `gets anything through a line that dies after every 30 kB`() {
        var pace = LinePace()
        var left: Int64 = 3_000_000
        var tries = 0
        while left > 0, tries < 1_000 {
            tries += 1
            let wanted = min(left, pace.requestBytes)
            let whole = min(wanted, 30_000) / Int64(pace.frameBytes) * Int64(pace.frameBytes)
            if wanted <= 30_000 {
                left -= wanted
                pace.succeeded(
                    largestFrame: min(pace.frameBytes, Int(wanted)), carried: wanted, took: .seconds(1))
            } else {
                left -= whole
                pace.wasCut(kept: whole)
            }
        }
        #expect(left == 0)
        #expect(tries < 200)
    }

    @Test(arguments: [(-1, -1), (Int.max, Int64.max), (0, 0)])
    func `read from a spoiled file is brought back within bounds`(frame: Int, request: Int64) throws {
        let text =
            #"{"frameBytes":\#(frame),"frameThreshold":-1,"requestBytes":\#(request),"requestThreshold":0}"#
        let pace = try JSONDecoder().decode(LinePace.self, from: Data(text.utf8))
        #expect(LinePace.frameRange.contains(Int64(pace.frameBytes)))
        #expect(LinePace.requestRange.contains(pace.requestBytes))
    }
}
