import Event
import Foundation
import Testing

/// A node with a passphrase, by the real command.
@Suite struct `a node's keys at rest` {
    private static let words = "ladang padi di pagi hari"
    private static let others = "perahu biru tanpa layar"

    /// A village below a hub below the centre, and memory of their own for unlocked keys.
    private struct World {
        let centre: TestServer
        let hub: TestServer
        let village: TestNode
        let memory: [String: String]
        let scratch: Scratch

        init() throws {
            centre = try TestServer()
            let hubNode = try centre.village("hub-serang", region: "36.04", role: "hub")
            hub = try TestServer(hubNode)
            village = try hub.village()
            scratch = centre.node.scratch
            memory = ["SIMPUL_RUNTIME": "/dev/shm/simpul-test-\(UUID().uuidString.prefix(8))"]
        }

        func run(_ arguments: String...) throws -> Program.Result {
            try Program.run(arguments, folder: village.folder, environment: memory)
        }

        func file(_ name: String, _ words: String) throws -> String { try scratch.file(name, words + "\n") }

        /// Ends what a test left unlocked.
        func clean() { try? FileManager.default.removeItem(atPath: memory["SIMPUL_RUNTIME"] ?? "") }
    }

    private static let person = #"""
        {"full_name":"Rohmah Binti Sanusi","sex":"F","birth_year":1998,"role":"cpmi","stage":"before",
         "phone":"081234567890","domicile_code":"36.04.13.2007","lawful_basis":"public_task","source":"home"}
        """#

    private func register(_ world: World) throws -> Program.Result {
        try Program.run(
            ["record", "person.registered", "--json", "-"], folder: world.village.folder, input: Self.person,
            environment: world.memory)
    }

    @Test func `locked, it carries up what was written and opens no name; the hub helps who forgot`() throws {
        let world = try World()
        defer { world.clean() }
        let (first, second) = (try world.file("first", Self.words), try world.file("second", Self.others))
        #expect(try register(world).code == 0)
        let plain = FileManager.default.contents(atPath: world.village.folder + "/secrets/node-key.json")
        let set = try world.run("passphrase", "set", "--passphrase-file", first)
        #expect(set.code == 0, "\(set.errors)")
        #expect(set.output.isEmpty, "the hub holds the recovery key, so none is shown")
        #expect(FileManager.default.contents(atPath: world.village.folder + "/secrets/node-key.json") != plain)
        #expect(try world.run("passphrase", "status").output == "unlocked\n")
        #expect(try register(world).code == 0)

        #expect(try world.run("lock").code == 0)
        #expect(try world.run("passphrase", "status").output == "locked\n")
        let refused = try register(world)
        #expect(refused.code == 77)
        #expect(refused.errors.contains("simpul unlock"))
        let synced = try world.run("sync")
        #expect(synced.code == 0, "\(synced.errors)")
        #expect(try world.village.json("status", "--json")["written"]?["at_hub"] == 3)

        let wrong = try world.run("unlock", "--passphrase-file", second)
        #expect(wrong.code == 77)
        #expect(wrong.errors.contains("nothing is lost"))

        let hub = world.hub.node
        let issued = try hub.run("nodes", "recover", "lontar-a", "--reason", "lupa; ditelepon balik")
        #expect(issued.code == 0, "\(issued.errors)")
        let trail = try hub.run("log", "show", "hub-serang/36.04", "--json").output
        #expect(trail.contains("node.recovery_issued") && trail.contains("ditelepon balik"))
        #expect(!trail.contains(issued.output.trimmingCharacters(in: .whitespacesAndNewlines)))

        let code = try world.file("code", issued.output)
        let recovered = try world.run("recover", "--code-file", code, "--passphrase-file", second)
        #expect(recovered.code == 0, "\(recovered.errors)")
        #expect(try world.run("lock").code == 0)
        #expect(try world.run("unlock", "--passphrase-file", first).code == 77)
        #expect(try world.run("unlock", "--passphrase-file", second).code == 0)
        #expect(try register(world).code == 0)
        #expect(try world.run("recover", "--code-file", code, "--passphrase-file", first).code == 77)
        #expect(try world.run("sync").code == 0)
        #expect(try hub.run("log", "show", "lontar-a/", "--json").output.contains("node.recovered"))
        #expect(try world.run("log", "verify").code == 0)
    }

    @Test func `a hub gives no code for a revoked laptop, nor for one that deposited none`() throws {
        let world = try World()
        defer { world.clean() }
        let none = try world.hub.node.run("nodes", "recover", "lontar-a", "--reason", "lupa")
        #expect(none.code == 65)
        #expect(none.errors.contains("deposited no recovery key"))
        #expect(
            try world.hub.node.run("nodes", "revoke", "lontar-a", "--reason", "lost", "--yes").code == 0)
        let revoked = try world.hub.node.run("nodes", "recover", "lontar-a", "--reason", "lupa")
        #expect(revoked.code == 77)
        #expect(revoked.errors.contains("revoked"))
    }

    @Test func `the centre's code is shown once, for paper`() throws {
        let scratch = try Scratch()
        let memory = ["SIMPUL_RUNTIME": "/dev/shm/simpul-test-\(UUID().uuidString.prefix(8))"]
        defer { try? FileManager.default.removeItem(atPath: memory["SIMPUL_RUNTIME"] ?? "") }
        let folder = scratch.path + "/pusat"
        let words = try scratch.file("words", Self.words)
        let made = try Program.run(
            ["init", "--centre", "--node", "pusat", "--passphrase-file", words], folder: folder, environment: memory)
        #expect(made.code == 0, "\(made.errors)")
        #expect(made.lines.contains { $0.wholeMatch(of: /([0-9A-Z]{4}-){6}[0-9A-Z]{4}/) != nil })
        #expect(try Program.run(["passphrase", "status"], folder: folder, environment: memory).output == "unlocked\n")
    }

    @Test func `a passphrase that is too short changes nothing`() throws {
        let node = try TestNode.centre()
        let short = try node.scratch.file("short", "rahasia")
        let refused = try node.run("passphrase", "set", "--passphrase-file", short)
        #expect(refused.code == 65)
        #expect(try node.run("passphrase", "status").output == "open\n")
        #expect(try node.run("lock").code == 65)
    }

    @Test(arguments: [SIGABRT, SIGSEGV, SIGBUS, SIGILL])
    func `a crash leaves neither a core nor a look into memory`(crash: Int32) throws {
        let server = try TestServer()
        let limits = try String(contentsOfFile: "/proc/\(server.pid)/limits", encoding: .utf8)
        let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") })
        #expect(core.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"])
        #expect(Foundation.kill(server.pid, crash) == 0)
        server.waitForEnd()
        #expect(server.code == crash)
        // Everything of it lies in the scratch folder: the node, and what the server wrote to its log.
        let files = FileManager.default.enumerator(atPath: server.node.scratch.path)?.compactMap { $0 as? String } ?? []
        #expect(files.contains { $0.hasSuffix(".log") })
        for file in files {
            #expect(!file.hasSuffix("core"), "\(file)")
            let data = FileManager.default.contents(atPath: server.node.scratch.path + "/" + file) ?? Data()
            #expect(data.range(of: Data("Backtrac".utf8)) == nil, "\(file)")
        }
    }

    @Test func `what people write is in no file, argument or log of the node`() throws {
        let world = try World()
        defer { world.clean() }
        let names = (0..<20).map { "Kenanga\($0)Melati\($0)" }
        for name in names {
            let data = Self.person.replacingOccurrences(of: "Rohmah Binti Sanusi", with: name)
            let made = try Program.run(
                ["record", "person.registered", "--json", "-"], folder: world.village.folder, input: data)
            #expect(made.code == 0, "\(made.errors)")
            #expect(!made.output.contains(name) && !made.errors.contains(name))
        }
        let csv = try world.scratch.file(
            "warga.csv",
            "full_name,sex,birth_year,role,stage,domicile_code,lawful_basis,source\n"
                + "Kenanga99Melati,F,1990,cpmi,before,36.04.13.2007,public_task,home\n")
        #expect(try world.run("import", csv, "--type", "person.registered").code == 0)
        try FileManager.default.removeItem(atPath: csv)
        let synced = try world.run("sync")
        #expect(synced.code == 0)
        #expect(!synced.output.contains("Kenanga") && !synced.errors.contains("Kenanga"))
        // Everything of the three nodes, logs of the servers included.
        let files = FileManager.default.enumerator(atPath: world.scratch.path)?.compactMap { $0 as? String } ?? []
        #expect(files.count > 20)
        for file in files {
            #expect(!file.contains("Kenanga"))
            let data = FileManager.default.contents(atPath: world.scratch.path + "/" + file) ?? Data()
            #expect(data.range(of: Data("Kenanga".utf8)) == nil, "\(file)")
        }
    }
}
