import Foundation
import Testing

@Suite struct `simpul serve` {
    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1"])
    func `does not show everything to everyone on the way unless it is forced to`(_ host: String) throws {
        let node = try TestNode.centre()
        let refused = try node.run("serve", "--host", host, "--port", "0")
        #expect(refused.code == 65)
        #expect(refused.errors.contains("--certificate"), "\(refused.errors)")
    }

    @Test(.timeLimit(.minutes(1))) func `keeps every file of its folder from others of the machine`() throws {
        let server = try TestServer()
        let files = FileManager.default
        let wanted: Set = ["log.db-wal", "models.db", "models.db-wal", "models.db-shm"]
        var names: [String] = []
        // The read models come beside the first answers.
        repeat {
            names = try files.subpathsOfDirectory(atPath: server.node.folder)
        } while !wanted.isSubset(of: names)
        for name in names {
            let mode = try files.attributesOfItem(atPath: server.node.folder + "/" + name)[.posixPermissions]
            #expect((mode as? Int).map { $0 & 0o077 } == 0, "\(name)")
        }
    }
}
