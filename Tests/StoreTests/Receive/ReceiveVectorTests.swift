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
        }

        var log: String
        var key: Data
        var main: [String]
        var cases: [Case]
    }

    /// This version relays no branches (`08-versions-and-capabilities.md`): whatever frames of them arrive, the line
    /// of descent that was met first stays whole, and nothing traps or blocks.
    @Test func branchesNeverHarmTheLineOfDescentMetFirst() throws {
        let vectors = try Repository.vectors("branches", as: Branches.self)
        let log = try LogName(vectors.log)
        for vector in vectors.cases {
            let test = try store(vectors.log, key: vectors.key)
            for frame in vector.frames {
                do { try feed([UInt8](frame), to: test) } catch is FrameError { continue }
            }
            let size = try test.row(log)?.size ?? 0
            for sequence in 0..<size {
                let line = try #require(try test.store.line(log, sequence))
                #expect(!line.isEmpty)
            }
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

    private func feed(_ body: [UInt8], to test: TestStore) throws {
        let reader = try FrameReader()
        try reader.feed(body)
        while let frame = try reader.next() {
            guard case .lines(let lines) = frame else { continue }
            try test.commit(lines)
        }
    }
}
