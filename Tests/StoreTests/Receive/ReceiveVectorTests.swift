import Crypto
import Event
import Foundation
import Store
import Sync
import TestKit
import Testing
import TransparencyLog

/// The published frames and branches, against a store that holds what the vectors say.
@Suite struct ReceiveVectorTests {
    private struct Frames: Decodable {
        struct Case: Decodable {
            var name: String
            var valid: Bool
            var error: String?
            var frame: Data
            var size: Int64?
            var root: String?
        }

        var log: String
        var key: Data
        var held: [String]
        var cases: [Case]
    }

    @Test func framesAreStoredAndRefusedAsThePublishedVectorsSay() throws {
        let vectors = try Repository.vectors("frames", as: Frames.self)
        for vector in vectors.cases {
            let test = try store(vectors.log, key: vectors.key)
            let log = try LogName(vectors.log)
            let first = try #require(vectors.cases.first { $0.name == "every line held already" })
            try feed([UInt8](first.frame), to: test)
            #expect(try test.row(log)?.size == Int64(vectors.held.count))
            do {
                try feed([UInt8](vector.frame), to: test)
                #expect(vector.valid || vector.error == "cut", "\(vector.name)")
                guard let size = vector.size else { continue }
                let row = try #require(try test.row(log))
                #expect(row.size == size && row.root.base64 == vector.root, "\(vector.name)")
            } catch let error as FrameError {
                #expect(error.code.rawValue == vector.error, "\(vector.name)")
                #expect(try test.row(log)?.size == Int64(vectors.held.count), "\(vector.name)")
            }
        }
    }

    private struct Branches: Decodable {
        struct Case: Decodable {
            var name: String
            var valid: Bool
            var held: Int
            var frames: [Data]
            var error: String?
            var outcomes: [String]?
            var heads: [VectorRow]
            var digest: String?
        }

        var log: String
        var key: Data
        var main: [String]
        var checkpoints: [String: String]
        var cases: [Case]
    }

    /// `[log, size, root]`.
    private struct VectorRow: Decodable {
        let row: TableRow

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            let log = try LogName(try list.decode(String.self))
            let size = try list.decode(Int64.self)
            let root = try #require(Hash(base64: try list.decode(String.self)))
            row = TableRow(log: log, size: size, root: root)
        }
    }

    @Test func branchesAreKeptAsThePublishedVectorsSay() throws {
        let vectors = try Repository.vectors("branches", as: Branches.self)
        let log = try LogName(vectors.log)
        for vector in vectors.cases {
            let test = try store(vectors.log, key: vectors.key)
            try test.commit(
                LinesFrame(
                    log: log, from: 0, lines: vectors.main.prefix(vector.held).map { Array($0.utf8) },
                    note: try #require(vectors.checkpoints["\(vector.held)"])))
            var outcomes: [String] = []
            var refusal: String?
            for frame in vector.frames {
                do {
                    let before = try test.store.heads(log).count
                    let added = try feed([UInt8](frame), to: test)
                    let isNew = try test.store.heads(log).count > before
                    outcomes.append(isNew ? "branched" : added > 0 ? "appended" : "held")
                } catch let error as FrameError {
                    refusal = error.code.rawValue
                }
            }
            #expect(refusal == vector.error, "\(vector.name)")
            if vector.valid { #expect(outcomes == vector.outcomes, "\(vector.name)") }
            let heads = Set(try test.store.heads(log).map(\.row))
            #expect(heads == Set(vector.heads.map(\.row)), "\(vector.name)")
            if let digest = vector.digest { #expect(TableDigest.of(heads) == digest, "\(vector.name)") }
            #expect(try test.store.audit().isSound, "\(vector.name)")
        }
    }

    private func store(_ log: String, key: Data) throws -> TestStore {
        let test = try TestStore()
        let name = try LogName(log)
        try test.store.trust(
            Enrolment(
                node: name.node, epoch: name.epoch, region: try RegionCode("36.04.13.2007"), edition: "2025-2430",
                role: .village, sign: key, wrap: key))
        return test
    }

    @discardableResult
    private func feed(_ body: [UInt8], to test: TestStore) throws -> Int {
        var added = 0
        let reader = try FrameReader()
        try reader.feed(body)
        while let frame = try reader.next() {
            guard case .lines(let lines) = frame else { continue }
            added += try test.commit(lines).added
        }
        return added
    }
}
