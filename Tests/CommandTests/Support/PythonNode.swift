import Event
import Foundation
import TestKit
import Testing

/// A node in another language: the independent client of `protocol/verify`, with a folder of its own.
///
/// Debian's own interpreter runs it, which has the two packages it needs.
struct PythonNode {
    private static let interpreter = "/usr/bin/python3"
    private static let program = Program.packageRoot.appending(path: "protocol/verify/simpul_verify.py").path

    let name: String
    let state: String
    let invitation: String

    init(_ name: String, invitation: String, scratch: Scratch) {
        (self.name, self.invitation) = (name, invitation)
        state = scratch.path + "/python-" + name
    }

    static func run(_ arguments: String...) throws -> Program.Result { try run(arguments) }

    static func run(_ arguments: [String]) throws -> Program.Result {
        try Program.run(interpreter, [program] + arguments)
    }

    /// Runs `push` or `pull`; the report is nil if there is none, because the hub was not reached or said no.
    func run(_ command: String, _ more: String...) throws -> (result: Program.Result, report: JSON?) {
        let result = try Self.run(
            [command, "--state", state, "--node", name, "--invitation", invitation, "--json"] + more)
        return (result, try? JSON.parse(Array(result.output.utf8), limits: .document))
    }

    /// Lines that it holds, log by log, as it kept them.
    func lines() throws -> [String: [[UInt8]]] {
        let bytes = try Data(contentsOf: URL(filePath: state + "/node.json"))
        let logs = try JSONDecoder().decode(State.self, from: bytes).logs
        return try logs.mapValues { heads in
            try (heads.first?.lines ?? []).map { Array(try #require(Data(base64Encoded: $0))) }
        }
    }

    private struct State: Decodable {
        struct Head: Decodable { let lines: [String] }
        let logs: [String: [Head]]
    }
}
