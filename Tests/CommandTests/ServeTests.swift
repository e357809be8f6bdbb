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
}
