import Event
import Foundation
import Sync
import TestKit
import Testing
import TransparencyLog

/// Records of a session, and the digests over what they carry: `protocol/04-session.md`.
@Suite struct RecordTests {
    private struct Vectors: Decodable {
        struct Case: Decodable {
            var name: String
            var valid: Bool
            var error: String?
            var kind: String
            var digest: String?
            var rows: [[Cell]]?
            var receipts: [[String]]?
            var shares: [[String]]?
        }

        /// A text or a number, as JSON has it.
        enum Cell: Decodable {
            case text(String)
            case number(Decimal)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let text = try? container.decode(String.self) {
                    self = .text(text)
                } else {
                    self = .number(try container.decode(Decimal.self))
                }
            }

            var json: JSON {
                switch self {
                case .text(let text): .string(text)
                case .number(let number): Int64("\(number)").map { .int($0) } ?? .decimal("\(number)")
                }
            }
        }

        var cases: [Case]
    }

    @Test func digestsAreAsThePublishedVectorsSay() throws {
        let cases = try Repository.vectors("digests", as: Vectors.self).cases
        #expect(cases.count > 15)
        for vector in cases {
            do {
                #expect(try digest(vector) == vector.digest, "\(vector.name)")
                #expect(vector.valid, "\(vector.name)")
            } catch let error as FrameError {
                #expect(error.code.rawValue == vector.error, "\(vector.name)")
            }
        }
    }

    private func digest(_ vector: Vectors.Case) throws -> String {
        if let rows = vector.rows {
            let state = JSON.object([
                JSONMember("state", .int(1)), JSONMember("table", .string("")), JSONMember("mark", .string("")),
                JSONMember("rows", .array(rows.map { .array($0.map(\.json)) })), JSONMember("full", .bool(false)),
            ])
            return TableDigest.of(try StateRecord(json: state).rows)
        }
        if let receipts = vector.receipts {
            return TableDigest.of(
                try receipts.map {
                    Receipt(
                        kind: try #require(Receipt.Kind(rawValue: $0[2])), log: try LogName($0[0]),
                        holder: try NodeName($0[1]), size: 0, note: $0[3])
                })
        }
        let region = try RegionCode("36.04")
        return TableDigest.of(
            try (vector.shares ?? []).map {
                let to = try #require(KeyShare.place($0[1]))
                return KeyShare(
                    key: $0[0], recipient: to.node, epoch: to.epoch, region: region, top: region,
                    box: try #require(Base64.decode($0[2])), author: try NodeName("lontar-a"))
            })
    }

    @Test(arguments: [(79, false), (80, true), (81, false), (256, false)])
    func aShareHasExactlyEightyBytes(count: Int, isTaken: Bool) throws {
        let json = JSON.object([
            JSONMember("key", .string("7ad3069f-aa51-4690-9c15-861fcc8ca0b6/1")),
            JSONMember("region", .string("36.04.13.2007")), JSONMember("top", .string("36.04")),
            JSONMember("to", .string("hub-serang/9f2c44d0a1b2c3d4")), JSONMember("box", .string(Base64Text.of(count))),
            JSONMember("by", .string("lontar-a")),
        ])
        #expect(((try? KeyShare(json: json)) != nil) == isTaken)
    }

    @Test func moreRowsThanAllowedAreTooLarge() throws {
        let epochs = (0...Limits.rows).map { Epoch(bits: UInt64($0)) }
        let rows = epochs.map { epoch in
            JSON.array([
                .string("lontar-a/36.04.13.2007:main/\(epoch)"), .int(1), .string(Base64Text.of(32)),
            ])
        }
        for (count, isTaken) in [(Limits.rows, true), (Limits.rows + 1, false)] {
            let json = JSON.object([
                JSONMember("state", .int(1)), JSONMember("table", .string("")), JSONMember("mark", .string("")),
                JSONMember("rows", .array(Array(rows.prefix(count)))), JSONMember("full", .bool(false)),
            ])
            #expect(((try? StateRecord(json: json)) != nil) == isTaken)
        }
    }

    @Test func aRefusalOfALaterVersionIsFinal() throws {
        let refused = try RefusedRecord(
            json: .object([JSONMember("refused", .string("too-purple")), JSONMember("detail", .string("no"))]))
        #expect(!refused.code.isWorthRetrying)
    }
}
