import Catalogue
import Event
import Foundation
import Store

/// Room on the disk, and attachments that are still to go.
struct DiskState {
    /// Less than a day of records and the database's own needs.
    static let full: Int64 = 32 << 20

    let node: Node

    func conditions() throws -> [NodeCondition] {
        let role = node.own.role
        var found: [NodeCondition] = []
        var space = statvfs()
        if statvfs(node.folder.path, &space) == 0 {
            let free = Int64(space.f_bavail) * Int64(space.f_frsize)
            if free < BlobStore.reserve {
                found.append(
                    NodeCondition(free < Self.full ? .diskFull : .diskLow, at: role, ["free": .both(free / 1_000_000)]))
            }
        }
        let errands = try node.blobs.errands()
        let refused = errands.count { $0.errand.refused != nil }
        if refused > 0 { found.append(NodeCondition(.attachmentsRefused, at: role, ["n": .both(refused)])) }
        if errands.count > refused {
            found.append(NodeCondition(.attachmentsWaiting, at: role, ["n": .both(errands.count - refused)]))
        }
        return found
    }
}
