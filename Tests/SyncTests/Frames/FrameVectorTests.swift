import Sync
import TestKit
import Testing

/// What can be said of the published frames without a store: the outcome of reading them.
@Suite struct FrameVectorTests {
    /// Codes that only a receiver which holds the log can give.
    private static let needStore: Set = ["gap", "root-mismatch", "bad-checkpoint", "bad-signature"]

    @Test func framesAreReadAndRefusedAsThePublishedVectorsSay() throws {
        let cases = try FrameVectors.load()
        #expect(cases.count > 50)
        for vector in cases {
            let expected = vector.error.flatMap { Self.needStore.contains($0) ? nil : $0 }
            #expect(outcome([UInt8](vector.frame)) == expected, "\(vector.name)")
        }
    }

    @Test func framesAreReadAlikeWhenTheyArriveByteByByte() throws {
        for vector in try FrameVectors.load() where vector.frame.count < 20_000 {
            let bytes = [UInt8](vector.frame)
            #expect(outcome(bytes, chunk: 1) == outcome(bytes), "\(vector.name)")
        }
    }

    @Test func controlRecordsAreCountedAsThePublishedVectorsSay() throws {
        for vector in try FrameVectors.load() {
            guard let records = vector.records else { continue }
            let reader = try FrameReader()
            try reader.feed(vector.frame)
            guard case .control(let read)? = try reader.next() else {
                Issue.record("\(vector.name) is no control frame")
                continue
            }
            #expect(read.count == records.count)
        }
    }

    /// Nil for a body that is taken, else its code; `cut` for one that ends inside a frame.
    private func outcome(_ bytes: [UInt8], chunk: Int = 1 << 16) -> String? {
        do {
            let reader = try FrameReader()
            for start in stride(from: 0, to: bytes.count, by: chunk) {
                try reader.feed(bytes[start..<min(start + chunk, bytes.count)])
                while try reader.next() != nil {}
            }
            return reader.isMidFrame ? "cut" : nil
        } catch {
            return error.code.rawValue
        }
    }
}
