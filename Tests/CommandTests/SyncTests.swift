import Event
import Foundation
import Testing

@Suite struct `simpul sync` {
    private static let visit = #"""
        {"household_id":"3f6c1b8e-52d7-4a90-8e1f-7b2a9c4d5e61","purpose":"first_contact","channel":"home",
         "started_at":"2026-06-03T09:15:00+07:00","met":"met","note":"Rahasia Rohmah"}
        """#

    @Test func `carries records up, and status says how far they have come`() throws {
        let server = try TestServer()
        let village = try server.village()
        try village.record("visit.recorded", Self.visit)
        let before = try village.json("status", "--json")
        #expect(before["written"]?["saved"] == 1)
        #expect(before["written"]?["at_centre"] == 0)
        #expect(before["parent"]?["last_agreement"]?.isNull == true)

        let synced = try village.run("sync")
        #expect(synced.code == 0, "\(synced.errors)")
        #expect(synced.output.contains("1 baris naik"))
        let after = try village.json("status", "--json")
        #expect(after["written"]?["at_hub"] == 1)
        #expect(after["written"]?["at_centre"] == 1)
        #expect(after["parent"]?["last_agreement"]?.stringValue != nil)
        #expect(try village.run("log", "verify").code == 0)
        #expect(try server.node.run("log", "verify").code == 0)
        let there = try server.node.run("log", "show", "lontar-a/", "--json").output
        #expect(there.contains("visit.recorded"))
        #expect(!there.contains("Rohmah"))
    }

    @Test func `brings down what is meant for the region`() throws {
        let server = try TestServer()
        let village = try server.village()
        try server.node.recordWarning("Awas penipuan")
        #expect(try village.run("sync").code == 0)
        #expect(try village.run("log", "show", "pusat/id", "--json").output.contains("Awas penipuan"))
    }

    @Test func `says that trying again may help when nobody answers`() throws {
        let server = try TestServer()
        let village = try server.village()
        server.stop()
        let failed = try village.run("sync")
        #expect(failed.code == 75)
        #expect(!failed.errors.isEmpty)
        let status = try village.json("status", "--json")
        #expect(status["parent"]?["failure"]?.stringValue != nil)
        #expect(try village.run("status").output.contains("aman di sini"))
    }

    @Test func `tells a revoked node that it is refused`() throws {
        let server = try TestServer()
        let village = try server.village()
        #expect(try village.run("sync").code == 0)
        let revoked = try server.node.run("nodes", "revoke", "lontar-a", "--reason", "lost", "--yes")
        #expect(revoked.code == 0, "\(revoked.errors)")
        try village.record("visit.recorded", Self.visit)
        let refused = try village.run("sync")
        #expect(refused.code == 77)
        #expect(refused.errors.contains("revoked-node"))
        let status = try village.json("status", "--json")
        #expect(status["written"]?["saved"] == 1)
        #expect(status["parent"]?["failure_code"] == "revoked")
        #expect(status["conditions"]?.arrayValue?.map { $0["code"] } == ["revoked"])
        let text = try village.run("status").output
        #expect(text.contains("dicabut") && text.contains("Tidak ada yang hilang") && text.contains("undangan baru"))
        #expect(text.contains("simpul bundle export"))
        #expect(!text.contains("revoked-node") && !text.contains("naik pada sinkron berikutnya"))
        // What it promises holds: the records leave by a bundle.
        #expect(try village.run("bundle", "export", village.scratch.path + "/catatan.simpul").code == 0)
    }

    @Test func `status says that a node never synced, and what to do`() throws {
        let server = try TestServer()
        let village = try server.village()
        let before = try village.run("status").output
        #expect(before.contains("Belum pernah tersambung dengan hub") && before.contains("simpul sync"))
        #expect(try village.run("status", "--english").output.contains("Never connected with the hub yet"))
        #expect(try village.run("sync").code == 0)
        let after = try village.run("status").output
        #expect(!after.contains("Belum pernah") && !after.contains("Yang perlu diketahui"))
    }

    @Test func `status of a locked node names the way to open it`() throws {
        let server = try TestServer()
        let village = try server.village()
        #expect(try village.run("sync").code == 0)
        let words = village.scratch.path + "/kata"
        try Data("ladang padi di pagi hari\n".utf8).write(to: URL(fileURLWithPath: words))
        #expect(try village.run("passphrase", "set", "--passphrase-file", words).code == 0)
        #expect(try village.run("lock").code == 0)
        let locked = try village.run("status").output
        #expect(locked.contains("terkunci") && locked.contains("simpul unlock") && locked.contains("simpul recover"))
    }

    @Test func `keeps a schedule until it is asked to stop, and stops cleanly`() throws {
        let server = try TestServer()
        let village = try server.village()
        try village.record("visit.recorded", Self.visit)
        let log = village.scratch.path + "/daemon.log"
        let daemon = Process()
        daemon.executableURL = URL(fileURLWithPath: Program.path)
        daemon.arguments = ["sync", "--folder", village.folder, "--every", "1h"]
        daemon.standardError = try Program.handle(log)
        try daemon.run()
        while daemon.isRunning, !(try String(contentsOfFile: log, encoding: .utf8)).contains("Synced") {
            usleep(10_000)
        }
        #expect(daemon.isRunning)
        daemon.terminate()
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("lines-sent=1"))
        #expect(try village.json("status", "--json")["written"]?["at_centre"] == 1)
    }

    @Test(arguments: [
        (["sync", "--every", "soon"], 64), (["sync", "--nightly", "25:00"], 64),
        (["sync", "--every", "5m", "--nightly", "01:00"], 64),
        (["sync", "--every", "1s"], 64), (["sync"], 65),
    ])
    func `refuses what makes no sense`(arguments: [String], code: Int) throws {
        let node = try TestNode.centre()
        let result = try Program.run(arguments, folder: node.folder)
        #expect(result.code == Int32(code), "\(result.errors)")
    }
}
