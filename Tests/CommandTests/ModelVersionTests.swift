import Catalogue
import Event
import Foundation
import Synchronization
import Testing

/// A changed model on a server that goes on recording and answering.
@Suite(.timeLimit(.minutes(3))) struct `simpul models` {
    /// The warnings, with their titles in capitals.
    private static func louder(_ scratch: Scratch) throws -> String {
        let url = Program.packageRoot.appending(path: "Sources/Catalogue/Resources/models/warnings.sql")
        let text = try String(contentsOf: url, encoding: .utf8)
        return try scratch.file(
            "warnings.sql",
            text.replacing("-- version: 1", with: "-- version: 2")
                .replacing("w.title AS title", with: "upper(w.title) AS title"))
    }

    private final class Progress: Sendable {
        let isOver = Mutex(false)
        let recorded = Mutex(5)
    }

    private static func titles(_ node: TestNode, model: String = "warnings") throws -> [String] {
        let answer = try node.run("query", model, "--columns", "title", "--format", "csv")
        try #require(answer.code == 0, "\(answer.errors)")
        // Lines end as RFC 4180 wants them, and what has a space stands in quotes.
        return answer.output.split(whereSeparator: \.isNewline).dropFirst().map { String($0).replacing("\"", with: "") }
            .sorted()
    }

    @Test func `builds beside, compares, switches and switches back while a server records and answers`() throws {
        let server = try TestServer()
        let node = server.node
        for number in 1...5 { try node.recordWarning("Nomor \(number)") }
        let file = try Self.louder(node.scratch)

        // Somebody goes on recording all the while.
        let progress = Progress()
        let recorder = Thread {
            while !progress.isOver.withLock({ $0 }) {
                do {
                    let number = progress.recorded.withLock { $0 + 1 }
                    try node.recordWarning("Nomor \(number)")
                    progress.recorded.withLock { $0 = number }
                } catch {
                    Issue.record(error)
                    return
                }
            }
        }
        recorder.start()
        let built = try node.run("models", "build", "warnings", "--version", "2", file, "--english")
        #expect(built.code == 0, "\(built.errors)")
        #expect(built.output.contains("warnings v2 is complete"))
        #expect(try Self.titles(node).allSatisfy { $0.hasPrefix("Nomor") }, "the one in use is still in use")
        let switched = try node.run("models", "switch", "warnings", "--version", "2")
        #expect(switched.code == 0, "\(switched.errors)")
        progress.isOver.withLock { $0 = true }
        while !recorder.isFinished { usleep(10_000) }
        let count = progress.recorded.withLock { $0 }
        #expect(count > 5)

        try Self.wait(until: { try Self.titles(node).count == count })
        #expect(try Self.titles(node).allSatisfy { $0.hasPrefix("NOMOR") })
        let compared = try node.json("models", "compare", "warnings", "--version", "1", "--json")
        #expect(compared["differing"] == .int(Int64(count)))
        #expect(compared["columns"]?["title"] == .int(Int64(count)))
        #expect(compared["only_old"] == 0 && compared["only_new"] == 0)

        #expect(try node.run("models", "switch", "warnings", "--version", "1").code == 0)
        try Self.wait(until: { try Self.titles(node).allSatisfy { $0.hasPrefix("Nomor") } })
        #expect(try Self.titles(node, model: "warnings__v2").count == count)
        // Also after a restart, and without a server.
        server.stop()
        #expect(try Self.titles(node).allSatisfy { $0.hasPrefix("Nomor") })
        #expect(try node.run("models", "switch", "warnings", "--version", "2").code == 0)
        #expect(try Self.titles(node).allSatisfy { $0.hasPrefix("NOMOR") })
        let list = try node.run("models", "list", "--english").output
        #expect(list.contains("v1  complete"), "\(list)")
        #expect(try node.run("models", "drop", "warnings", "--version", "1").code == 0)
        #expect(try !node.run("models", "list", "--english").output.contains("complete"))
    }

    @Test func `says what is wrong with a file, and changes nothing`() throws {
        let node = try TestNode.centre()
        try node.recordWarning("Nomor 1")
        let file = try Self.louder(node.scratch)
        for (arguments, words) in [
            (["build", "warnings", "--version", "3", file], "not version 3"),
            (["build", "peringatan", "--version", "2", file], "is version 2 of warnings"),
            (["build", "warnings", "--version", "2", file + "x"], "cannot be read"),
            (["switch", "warnings", "--version", "2"], "not complete"),
            (["compare", "warnings", "--version", "2"], "warnings__v2"),
            (["drop", "warnings", "--version", "2"], "no version 2"),
        ] {
            let refused = try Program.run(["models"] + arguments, folder: node.folder)
            #expect(refused.code == 65, "\(arguments): \(refused.errors)")
            #expect(refused.errors.contains(words), "\(refused.errors)")
        }
        #expect(try Self.titles(node) == ["Nomor 1"])
    }

    /// Waits for what a running server does in its own time.
    private static func wait(until condition: () throws -> Bool) throws {
        let end = ContinuousClock.now + .seconds(60)
        while try !condition(), ContinuousClock.now < end { usleep(50_000) }
        #expect(try condition())
    }
}
