import Event
import Foundation
import Sync
import TestKit
import Testing

/// The published vectors of early lines: `protocol/04-session.md`.
@Suite struct EarlyVectorTests {
    @Test func earlyLinesAreAsThePublishedVectorsSay() throws {
        let text = try Data(contentsOf: Repository.root.appending(path: "protocol/vectors/early.json"))
        let document = try JSON.parse([UInt8](text), limits: .document)
        let cases = try #require(document["cases"]?.arrayValue)
        #expect(cases.count > 20)
        for vector in cases {
            let name = vector["name"]?.stringValue ?? ""
            do {
                if let record = vector["record"] {
                    let line = try EarlyLine(json: record)
                    #expect(line.reference.sequence == vector["sequence"]?.intValue, "\(name)")
                    #expect(line.json == record, "\(name)")
                } else {
                    let ask = try EarlyAsk(json: try #require(vector["ask"]))
                    let lines = ask.have.values.flatMap(\.ranges).reduce(0) { $0 + $1.count }
                    #expect(lines == vector["lines"]?.intValue.map(Int.init), "\(name)")
                    #expect(try EarlyAsk(json: ask.json) == ask, "\(name)")
                }
                #expect(vector["valid"]?.boolValue == true, "\(name)")
            } catch let error as FrameError {
                #expect(error.code.rawValue == vector["error"]?.stringValue, "\(name)")
            }
        }
    }

    @Test func rangesAreFoundAndWrittenAsShortAsCanBe() throws {
        var generator = SeededGenerator(seed: 4)
        for _ in 0..<200 {
            let some = (0..<60).filter { _ in Bool.random(using: &generator) }.map(Int64.init)
            guard !some.isEmpty else { continue }
            let ranges = SequenceRanges(some)
            #expect(try SequenceRanges(ranges.description, limit: 60) == ranges)
            for sequence in Int64(0)..<60 { #expect(ranges.contains(sequence) == some.contains(sequence)) }
        }
    }
}
