import Foundation
import Testing

@Suite struct `a laptop enrolled again under its name` {
    @Test func `takes the place of the earlier one, which is told and gets no key any more`() throws {
        let server = try TestServer()
        let hub = try TestServer(try server.village("hub-serang", region: "36.04", role: "hub"))
        let earlier = try hub.village()
        try earlier.record(
            "person.registered",
            #"{"full_name":"Rohmah Kanari","birth_year":1998,"sex":"F","role":"cpmi","stage":"before","#
                + #""domicile_code":"36.04.13.2007","lawful_basis":"public_task","source":"home"}"#)
        #expect(try earlier.run("sync").code == 0)
        let invited = try hub.node.run(
            "invite", "lontar-a", "--region", "36.04.13.2007", "--url", hub.url, "--english")
        #expect(invited.errors.contains("enrolled already"))
        let later = TestNode(scratch: earlier.scratch, folder: earlier.folder + "-baru")
        #expect(try later.run("init", "--invite", try #require(invited.lines.first)).code == 0)
        for _ in 0..<2 { #expect(try later.run("sync").code == 0) }
        #expect(try later.run("log", "show", "/", "--personal").output.contains("Rohmah Kanari"))

        let refused = try earlier.run("sync", "--english")
        #expect(refused.code == 77, "\(refused.errors)")
        let rotated = try hub.node.run("keys", "rotate", "--all")
        #expect(rotated.code == 0)
        let key = try #require(rotated.lines.first)
        let shown = try hub.node.run("keys", "list", "--json").output
        let entry = try #require(shown.split(separator: "\n").first { $0.contains(key) })
        #expect(entry.contains("lontar-a") && !entry.contains(#""revoked":true"#))
    }
}
