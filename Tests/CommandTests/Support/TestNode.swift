import Event
import Foundation
import GRDB
import Testing

/// A node in a folder of its own, used only through the command.
struct TestNode {
    let scratch: Scratch
    let folder: String

    /// A centre: the one kind of node that needs no other.
    static func centre() throws -> TestNode {
        let scratch = try Scratch()
        let node = TestNode(scratch: scratch, folder: scratch.path + "/pusat")
        let made = try node.run("init", "--centre", "--node", "pusat")
        try #require(made.code == 0, "\(made.errors)")
        return node
    }

    func run(_ arguments: String..., input: String? = nil, environment: [String: String] = [:]) throws -> Program.Result
    {
        try Program.run(arguments, folder: folder, input: input, environment: environment)
    }

    /// Records something good and returns its reference.
    @discardableResult
    func record(_ type: String, _ data: String, _ more: String...) throws -> String {
        let result = try Program.run(["record", type, "--json", "-"] + more, folder: folder, input: data)
        try #require(result.code == 0, "\(result.errors)")
        return try #require(result.lines.first)
    }

    @discardableResult
    func recordWarning(_ title: String = "Tawaran palsu") throws -> String {
        try record("warning.published", TestNode.warning(title))
    }

    static func warning(_ title: String) -> String {
        #"{"title":"\#(title)","text":"Jangan berangkat dengan visa wisata.","urgent":false,"valid_from":"2026-08-10"}"#
    }

    /// Changes the node's file behind its back.
    func tamper(_ sql: String, _ arguments: StatementArguments = []) throws {
        let queue = try DatabaseQueue(path: folder + "/log.db")
        try queue.write { try $0.execute(sql: sql, arguments: arguments) }
        try queue.close()
    }

    func json(_ arguments: String...) throws -> JSON {
        let result = try Program.run(arguments, folder: folder)
        try #require(result.code == 0, "\(result.errors)")
        return try JSON.parse(Array(result.output.utf8), limits: .document)
    }
}
