import Event
import Foundation
import Testing

/// Copies of disks and backups, with the program itself.
@Suite struct `copies and restores` {
    private static let visit = #"""
        {"household_id":"3f6c1b8e-52d7-4a90-8e1f-7b2a9c4d5e61","purpose":"first_contact","channel":"home",
         "started_at":"2026-06-03T09:15:00+07:00","met":"met"}
        """#

    private func copy(_ node: TestNode, to name: String) throws -> TestNode {
        let folder = node.scratch.path + "/" + name
        try FileManager.default.copyItem(atPath: node.folder, toPath: folder)
        return TestNode(scratch: node.scratch, folder: folder)
    }

    private func epoch(_ node: TestNode) throws -> String {
        let data = try Data(contentsOf: URL(fileURLWithPath: node.folder + "/simpul.json"))
        return try #require(try JSON.parse(Array(data), limits: .document)["epoch"]?.stringValue)
    }

    /// References of all visits that a node holds, whichever history they stand in.
    private func visits(_ node: TestNode) throws -> [String] {
        try node.run("log", "show", "lontar-a/", "--json", "--limit", "1000").output.split(separator: "\n")
            .map(String.init).filter { $0.contains("visit.recorded") }
    }

    @discardableResult
    private func sync(_ node: TestNode) throws -> Program.Result {
        let result = try node.run("sync")
        #expect(result.code == 0, "\(result.errors)")
        return result
    }

    private func counted(_ server: TestServer) throws -> Int64? {
        let rows = try server.node.run("query", "visits_by_month", "--format", "json")
        try #require(rows.code == 0, "\(rows.errors)")
        let json = try JSON.parse(Array(rows.output.utf8), limits: .document)
        return json["rows"]?.arrayValue?.reduce(0) { $0 + ($1["visits"]?.intValue ?? 0) }
    }

    @Test func `a copied folder says so, keeps every line, and writes in an epoch of its own`() throws {
        let server = try TestServer()
        let first = try server.village()
        try first.record("visit.recorded", Self.visit)
        try sync(first)
        let second = try copy(first, to: "salinan")
        let told = try second.run("status").output
        #expect(told.contains("Folder ini salinan") && told.contains("Pakai satu saja dari kedua salinan itu"))
        #expect(!told.contains("this folder is a copy"))
        #expect(try !first.run("status").output.contains("Folder ini salinan"))
        // Offline both write, in turn, under one key.
        for _ in 0..<3 {
            try first.record("visit.recorded", Self.visit)
            try second.record("visit.recorded", Self.visit)
        }
        try sync(first)
        try sync(second)
        try sync(first)
        try sync(second)
        #expect(try visits(server.node).count == 7)
        #expect(Set(try visits(server.node)).count == 7)
        let epochs = [try epoch(first), try epoch(second)]
        #expect(epochs[0] != epochs[1])
        // From now on nothing forks.
        let forks = try server.node.run("log", "list").output.components(separatedBy: "cabang").count
        for node in [first, second, first, second] {
            try node.record("visit.recorded", Self.visit)
            try sync(node)
        }
        #expect(try server.node.run("log", "list").output.components(separatedBy: "cabang").count == forks)
        #expect(try visits(server.node).count == 11)
        let status = try server.node.run("status").output
        #expect(status.contains("punya dua riwayat") && status.contains("membuka epoch sendiri"))
        #expect(status.contains("--epoch \(epochs[1]) --reason compromised") && status.contains("Riwayat kedua"))
        #expect(!status.contains("new-epoch") && !status.contains("two histories"))
        for node in [first, second] {
            #expect(try !node.run("status").output.contains("Folder ini salinan"), "it was settled by the sync")
        }
        #expect(try server.node.json("status", "--json")["branches"]?.arrayValue?.isEmpty == false)
        for node in [first, second, server.node] {
            #expect(try node.run("log", "verify").code == 0)
            // Nor do others find anything wrong with a store that has two histories.
            let outside = try PythonNode.run("store", node.folder)
            #expect(outside.code == 0, "\(outside.output)\(outside.errors)")
        }
        let own = try second.json("status", "--json")
        #expect(own["written"]?["at_centre"] == 11)
    }

    @Test func `a village restored from a backup takes its lost lines back and goes on`() throws {
        let server = try TestServer()
        let village = try server.village()
        try village.record("visit.recorded", Self.visit)
        let backup = village.scratch.path + "/cadangan"
        let made = try village.run("backup", backup)
        #expect(made.code == 0, "\(made.errors)")
        for file in try #require(FileManager.default.enumerator(atPath: backup)).compactMap({ $0 as? String }) {
            #expect(!file.contains("key") && !file.contains("secrets"), "\(file)")
        }
        #expect(try village.run("backup", backup).code != 0, "an older backup is not replaced")
        try village.record("visit.recorded", Self.visit)
        try sync(village)
        try FileManager.default.removeItem(atPath: village.folder)

        let restored = try village.run("restore", backup, "--invite", try server.invitation("lontar-a"))
        #expect(restored.code == 0, "\(restored.errors)")
        #expect(try visits(village).count == 1)
        try village.record("visit.recorded", Self.visit)
        try sync(village)
        #expect(try visits(village).count == 3)
        #expect(try visits(server.node).count == 3)
        #expect(try village.json("status", "--json")["written"]?["at_centre"] == 3)
        #expect(try village.run("log", "verify").code == 0)
    }

    @Test func `a backup that was changed is not restored from`() throws {
        let server = try TestServer()
        let village = try server.village()
        try village.record("visit.recorded", Self.visit)
        let backup = village.scratch.path + "/cadangan"
        #expect(try village.run("backup", backup).code == 0)
        let copy = TestNode(scratch: village.scratch, folder: backup)
        try copy.tamper("UPDATE line SET bytes = CAST(replace(bytes, 'first_contact', 'follow_up!!!!') AS BLOB)")
        let other = TestNode(scratch: village.scratch, folder: village.scratch.path + "/baru")
        let refused = try other.run("restore", backup, "--invite", try server.invitation("lontar-a"))
        #expect(refused.code != 0)
        #expect(refused.errors.contains("does not hold"))
        #expect(!FileManager.default.fileExists(atPath: other.folder + "/simpul.json"))
    }

    @Test func `a restored centre writes nothing until its children have answered, or an operator says so`() throws {
        let server = try TestServer()
        let village = try server.village()
        try village.record("visit.recorded", Self.visit)
        try sync(village)
        let scratch = server.node.scratch
        #expect(try server.node.run("backup", scratch.path + "/cadangan").code == 0)
        try FileManager.default.copyItem(
            atPath: server.node.folder + "/secrets/node-key.json", toPath: scratch.path + "/kunci-pusat.json")
        // After the backup: a warning that everyone has, and a visit.
        try server.node.recordWarning("Setelah cadangan")
        try village.record("visit.recorded", Self.visit)
        try sync(village)
        server.stop()

        let restored = TestNode(scratch: scratch, folder: scratch.path + "/pusat-pulih")
        let made = try restored.run(
            "restore", scratch.path + "/cadangan", "--root-key", scratch.path + "/kunci-pusat.json")
        #expect(made.code == 0, "\(made.errors)")
        let early = try Program.run(
            ["record", "warning.published", "--json", "-"], folder: restored.folder,
            input: TestNode.warning("Terlalu dini"))
        #expect(early.code == 75 && early.errors.contains("lontar-a"))
        #expect(try restored.run("resume").output.contains("lontar-a"))

        let again = try TestServer(restored, port: server.port)
        try sync(village)
        #expect(try restored.run("log", "show", "pusat/id", "--json").output.contains("Setelah cadangan"))
        #expect(try visits(restored).count == 2)
        #expect(try restored.run("resume").output.contains("tidak menunggu"))
        try restored.recordWarning("Sesudah semua menjawab")
        try sync(village)
        #expect(try village.run("log", "show", "pusat/id", "--json").output.contains("Sesudah semua menjawab"))
        #expect(try village.json("status", "--json")["written"]?["at_centre"] == 2)
        #expect(try restored.run("log", "verify").code == 0)
        again.stop()
    }

    @Test func `an operator lets a restored hub go on without a child that is gone, and that is kept`() throws {
        let server = try TestServer()
        let hub = try server.village("hub-serang", region: "36.04", role: "hub")
        let hubServer = try TestServer(hub)
        let village = try hubServer.village("kramat-a", region: "36.04.13.2008")
        try sync(village)
        try sync(hub)
        #expect(try hub.run("backup", hub.scratch.path + "/cadangan-hub").code == 0)
        hubServer.stop()
        try FileManager.default.removeItem(atPath: hub.folder)
        let restored = try hub.run(
            "restore", hub.scratch.path + "/cadangan-hub", "--invite",
            try server.invitation("hub-serang", region: "36.04", role: "hub"))
        #expect(restored.code == 0, "\(restored.errors)")
        try sync(hub)
        #expect(try hub.run("resume").output.contains("kramat-a"))
        let resumed = try hub.run("resume", "--without-them", "--reason", "laptop hilang", "--actor", "a-1234")
        #expect(resumed.code == 0, "\(resumed.errors)")
        let status = try hub.run("status").output
        #expect(status.contains("mencatat lagi sebelum semua menjawab"))
        #expect(status.contains("a-1234") && status.contains("kramat-a"))
        #expect(try hub.run("invite", "baru-a", "--region", "36.04.13.2009", "--url", "http://127.0.0.1:1").code == 0)
        try sync(hub)
    }
}
