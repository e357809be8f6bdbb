import Foundation
import Testing

@testable import Event

/// The vectors that every implementation of the protocol has to agree with: see protocol/01-event-line.md and 02-log.md.
///
/// They are read with Foundation, so that the reader under test does not decide what it is tested on.
@Suite struct ProtocolVectorTests {
    private struct File<Vector: Decodable>: Decodable {
        var cases: [Vector]
    }

    private struct LineVector: Decodable {
        var name: String
        var valid: Bool
        var error: String?
        /// Base64.
        var line: Data
        /// Whether a writer may write it so.
        var canonical: Bool?
    }

    private struct NameVector: Decodable {
        var name: String
        var valid: Bool
        var kind: String
        var text: String
        /// Regions, and whether the log is in their scope.
        var scope: [String: Bool]?
    }

    @Test func eventLinesAreUnderstoodAndRefusedAsThePublishedVectorsSay() throws {
        let cases = try vectors("event-lines", of: LineVector.self)
        #expect(cases.count > 50)
        for vector in cases {
            let name = Comment(rawValue: vector.name)
            do {
                let line = try EventLine(parsing: Array(vector.line))
                #expect(vector.valid, name)
                let written = try line.encoded()
                #expect((written == Array(vector.line)) == vector.canonical, name)
                #expect(try EventLine(parsing: written) == line, name)
            } catch {
                #expect(error.code == vector.error, name)
            }
        }
    }

    @Test func namesAreTakenAndRefusedAsThePublishedVectorsSay() throws {
        let cases = try vectors("names", of: NameVector.self)
        #expect(cases.count > 50)
        for vector in cases {
            let name = Comment(rawValue: vector.name)
            #expect(writtenAgain(vector.text, kind: vector.kind) == (vector.valid ? vector.text : nil), name)
            for (region, isInScope) in vector.scope ?? [:] {
                let log = try LogName(vector.text)
                #expect(log.inScope(of: try RegionCode(region)) == isInScope, name)
            }
        }
    }

    private func writtenAgain(_ text: String, kind: String) -> String? {
        switch kind {
        case "node": try? NodeName(text).description
        case "epoch": try? Epoch(text).description
        case "region": try? RegionCode(text).description
        case "log": try? LogName(text).description
        case "reference": try? LineReference(text).description
        default: nil
        }
    }

    private func vectors<Vector: Decodable>(_ file: String, of type: Vector.Type) throws -> [Vector] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let data = try Data(contentsOf: root.appending(path: "protocol/vectors/\(file).json"))
        return try JSONDecoder().decode(File<Vector>.self, from: data).cases
    }
}
