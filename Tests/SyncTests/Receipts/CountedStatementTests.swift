import Event
import Foundation
import Sync
import TestKit
import Testing
import TransparencyLog

@Suite struct CountedStatementTests {
    private struct Vectors: Decodable {
        struct Case: Decodable {
            var name: String
            var error: String?
            var receipt: String
            var note: String
            var size: Int64?
            var models: String?
        }

        var log: String
        var cases: [Case]
    }

    @Test func statementsAreReadAsThePublishedVectorsSay() throws {
        let vectors = try Repository.vectors("receipts", as: Vectors.self)
        let counted = vectors.cases.filter { $0.receipt == "counted" }
        #expect(counted.count > 8)
        for vector in counted where vector.error != "bad-signature" {
            let text = try SignedNote(parsing: vector.note).text
            let read = CountedStatement(text: text)
            let isOfThisLog = read.map { $0.log.description == vectors.log } ?? false
            #expect(isOfThisLog == (vector.error == nil), "\(vector.name)")
            guard vector.error == nil, let read else { continue }
            #expect(read.size == vector.size && read.models == vector.models)
            #expect(read.text == text)
        }
    }
}
