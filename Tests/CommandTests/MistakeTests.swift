import Event
import Foundation
import Testing

/// What people get wrong on the command line: told what, where and what to do, and nothing is half done.
@Suite struct MistakeTests {
    @Test func `a certificate without its key is no reason to serve in the clear`() throws {
        let node = try TestNode.centre()
        let certificate = node.scratch.path + "/cert.pem"
        try Data("no certificate".utf8).write(to: URL(fileURLWithPath: certificate))
        for given in [["--certificate", certificate], ["--private-key", certificate]] {
            let refused = try Program.run(
                ["serve", "--host", "0.0.0.0", "--port", "0"] + given, folder: node.folder)
            #expect(refused.code == 65 && refused.errors.contains("go together"), "\(refused.errors)")
        }
        let damaged = try node.run("serve", "--port", "0", "--certificate", certificate, "--private-key", certificate)
        #expect(damaged.code == 65 && damaged.errors.contains(certificate), "\(damaged.errors)")
    }

    @Test func `a port that is none, or is taken, is said to be`() throws {
        let server = try TestServer()
        let none = try server.node.run("serve", "--port", "99999")
        #expect(none.code == 64 && none.errors.contains("65535"))
        let other = try TestNode.centre()
        let taken = try other.run("serve", "--port", "\(server.port)")
        #expect(taken.code == 75 && taken.errors.contains("another --port"), "\(taken.errors)")
    }

    @Test func `a node whose log is gone does not begin another under its key`() throws {
        let node = try TestNode.centre()
        let files = FileManager.default
        try files.moveItem(atPath: node.folder + "/log.db", toPath: node.scratch.path + "/away.db")
        for ending in ["-wal", "-shm"] where files.fileExists(atPath: node.folder + "/log.db" + ending) {
            try files.removeItem(atPath: node.folder + "/log.db" + ending)
        }
        let refused = try node.run("status")
        #expect(refused.code == 70 && refused.errors.contains("log.db is missing"), "\(refused.errors)")
        #expect(!files.fileExists(atPath: node.folder + "/log.db"))
        try files.moveItem(atPath: node.scratch.path + "/away.db", toPath: node.folder + "/log.db")
        #expect(try node.run("status").code == 0)
    }

    @Test(arguments: ["Siti Aminah", "siti-3604132303940001", "co 3"])
    func `who records is no name and no number of anybody`(_ actor: String) throws {
        let node = try TestNode.centre()
        let before = try node.run("log", "list").output
        let refused = try node.run(
            "record", "warning.published", "--json", "-", "--actor", actor, input: TestNode.warning("Tawaran palsu"))
        #expect(refused.code == 65 && refused.errors.contains("pseudonym"), "\(refused.errors)")
        #expect(try node.run("log", "list").output == before)
    }

    @Test func `an attachment goes to the very line that is named`() throws {
        let server = try TestServer()
        let village = try server.village("lontar-a", region: "36.04.13.2007")
        let household = "11c9df64-db34-4c56-8821-715253ba1111"
        let reference = try village.record(
            "visit.recorded",
            #"{"household_id":"\#(household)","person_ids":[],"purpose":"routine","channel":"home","#
                + #""started_at":"2026-08-14T09:30:00+07:00","met":"absent"}"#)
        let photo = village.scratch.path + "/foto.jpg"
        try Data("a photo".utf8).write(to: URL(fileURLWithPath: photo))
        let place = try #require(reference.split(separator: "~").first.map(String.init))
        let wrong = try village.run("attach", photo, "--to", place + "~" + String(repeating: "0", count: 64))
        #expect(wrong.code == 65 && wrong.errors.contains("its hash"), "\(wrong.errors)")
        #expect(try village.run("attachment", "list").output.isEmpty)
        let attached = try village.run("attach", photo, "--to", place)
        #expect(attached.code == 0, "\(attached.errors)")
        #expect(try village.run("attachment", "list").output.contains(place))
    }

    @Test func `an invitation fits its node, and one name stands for one place`() throws {
        let server = try TestServer()
        _ = try server.village("lontar-a", region: "36.04.13.2007")
        let mistakes: [([String], String)] = [
            (["lontar-a", "--region", "36.04.13.2011", "--url", server.url], "36.04.13.2007"),
            (["domas-a", "--region", "36.04", "--url", server.url], "no village"),
            (["hub-x", "--region", "36.04.13.2007", "--role", "hub", "--url", server.url], "is a village"),
            (["domas-a", "--region", "36.04.13.2011", "--url", "ftp://x"], "https://"),
            (["domas-a", "--region", "36.04.13.2011", "--url", server.url, "--days", "0"], "1 to 365"),
        ]
        for (arguments, hint) in mistakes {
            let refused = try Program.run(["invite"] + arguments, folder: server.node.folder)
            #expect(refused.code == 65 && refused.errors.contains(hint), "\(arguments): \(refused.errors)")
        }
        let scratch = server.node.scratch.path
        let missing = try Program.run(["init", "--invite", "./nowhere.txt"], folder: scratch + "/new")
        #expect(missing.code == 65 && missing.errors.contains("there is no file"), "\(missing.errors)")
    }

    @Test func `a word that is no UUID is not said to have been read by nobody`() throws {
        let node = try TestNode.centre()
        let refused = try node.run("audit", "--subject", "nope")
        #expect(refused.code == 65 && refused.errors.contains("no UUID"), "\(refused.errors)")
    }

    @Test func `a field of one value is not given two`() throws {
        let server = try TestServer()
        let village = try server.village("lontar-a", region: "36.04.13.2007")
        let refused = try village.run(
            "record", "departure.recorded", "--field", "country=TWN", "--field", "country=MYS")
        #expect(refused.code == 65 && refused.errors.contains("given twice"), "\(refused.errors)")
    }

    @Test func `a damaged configuration is said to be, in words for people`() throws {
        let node = try TestNode.centre()
        try Data("{}".utf8).write(to: URL(fileURLWithPath: node.folder + "/simpul.json"))
        let refused = try node.run("status")
        #expect(refused.code == 70 && refused.errors.contains("is missing"), "\(refused.errors)")
        #expect(!refused.errors.contains("DecodingError") && !refused.errors.contains("CodingKey"))
    }
}
