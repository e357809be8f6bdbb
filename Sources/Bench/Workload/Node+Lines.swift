import Crypto
import Event
import Foundation
import Node
import Store

extension Node {
    /// Lines that a person saves together: a visit and what came of it.
    private static let together = 5

    /// Appends lines of a village's work to this node's own log, as its organizers would have over the years.
    /// - Returns: the lines.
    @discardableResult
    func write(_ count: Int, _ workload: Workload) throws -> [[UInt8]] {
        var log = VillageLog(self, workload: workload)
        let name = log.log
        var lines: [[UInt8]] = []
        while lines.count < count {
            let some = try log.nextLines(min(Self.together, count - lines.count))
            try store.append(
                wall: Int64(Date().timeIntervalSince1970 * 1_000), some.map { bytes in (name, { _ in bytes }) })
            lines += some
        }
        // Its own people's names are names to it.
        let keys = try PersonKeyStore(path: folder.personKeys)
        let secret = workload.personKey.withUnsafeBytes { Data($0) }
        for name in log.keyNames { try keys.save(key: name, region: own.region.description, secret: secret) }
        return lines
    }
}
