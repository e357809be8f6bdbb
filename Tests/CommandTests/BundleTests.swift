import Event
import Foundation
import Testing

@Suite struct `simpul bundle` {
    private static let visit = #"""
        {"household_id":"3f6c1b8e-52d7-4a90-8e1f-7b2a9c4d5e61","purpose":"first_contact","channel":"home",
         "started_at":"2026-06-03T09:15:00+07:00","met":"met"}
        """#

    @Test func `carries records to the hub and receipts back, without any line`() throws {
        let server = try TestServer()
        let village = try server.village()
        server.stop()
        let hub = server.node
        let (up, down) = (hub.scratch.path + "/up.simpul", hub.scratch.path + "/down.simpul")
        try village.record("visit.recorded", Self.visit)

        let exported = try village.run("bundle", "export", up)
        #expect(exported.code == 0, "\(exported.errors)")
        #expect(exported.output.contains("1 baris dari 1 log untuk pusat"))
        #expect(exported.errors.contains("belum terkirim"))
        #expect(try village.json("status", "--json")["written"]?["at_hub"] == 0)

        let shown = try hub.run("bundle", "show", up)
        #expect(shown.output.contains("Utuh, ditandatangani oleh lontar-a"), "\(shown.errors)")
        let imported = try hub.run("bundle", "import", up)
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(imported.output.contains("1 dari 1 baris baru"))
        #expect(try hub.run("log", "show", "lontar-a/", "--json").output.contains("visit.recorded"))

        let answered = try hub.run("bundle", "export", "--to", "lontar-a", "--answer", up, down)
        #expect(answered.code == 0, "\(answered.errors)")
        #expect(try village.run("bundle", "import", down).code == 0)
        #expect(try village.json("status", "--json")["written"]?["at_hub"] == 1)

        let again = try hub.run("bundle", "import", up)
        #expect(again.code == 0)
        #expect(again.output.contains("0 dari 1 baris baru"))
    }

    @Test func `verifies outside of Simpul`() throws {
        let server = try TestServer()
        let village = try server.village()
        // From then on the village has the line that enrols it, and the bundle brings it along.
        #expect(try village.run("sync").code == 0)
        server.stop()
        let file = village.scratch.path + "/up.simpul"
        try village.record("visit.recorded", Self.visit)
        #expect(try village.run("bundle", "export", "--all", file).code == 0)
        let verified = try Program.run(
            "/usr/bin/python3", [Program.packageRoot.path + "/protocol/verify/simpul_verify.py", "bundle", file])
        #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
        #expect(verified.output.contains("sealed by lontar-a/"))
        #expect(verified.output.contains("0 failed"))
    }

    @Test func `refuses what is no whole bundle, with words and exit codes`() throws {
        let server = try TestServer()
        let village = try server.village()
        server.stop()
        let path = village.scratch.path
        try village.record("visit.recorded", Self.visit)
        #expect(try village.run("bundle", "export", path + "/good.simpul").code == 0)
        let good = try Data(contentsOf: URL(filePath: path + "/good.simpul"))
        try good.dropLast(9).write(to: URL(filePath: path + "/cut.simpul"))
        try Data("halo\n".utf8).write(to: URL(filePath: path + "/text.simpul"))
        for (file, code, word) in [
            ("cut.simpul", 65, "--partial"), ("text.simpul", 65, "no bundle"), ("missing.simpul", 65, "cannot be read"),
        ] as [(String, Int32, String)] {
            let refused = try server.node.run("bundle", "import", path + "/" + file)
            #expect(refused.code == code, "\(file): \(refused.errors)")
            #expect(refused.errors.contains(word), "\(refused.errors)")
        }
        #expect(try village.run("bundle", "export", path + "/good.simpul").code == 73)
        #expect(try village.run("bundle", "export", "--to", "siapa", path + "/new.simpul").code == 65)
        let partial = try server.node.run("bundle", "import", "--partial", path + "/cut.simpul")
        #expect(partial.code == 0, "\(partial.errors)")
        #expect(partial.errors.contains("terpotong"))
    }
}
