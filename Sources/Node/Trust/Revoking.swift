import Event
import Foundation
import Store
import TransparencyLog

extension Node {
    /// Ends a node's right to sync. Its authentic lines stay, and are relayed.
    ///
    /// - Parameter sizes: how many lines of each of its logs count; later ones, and logs not named, are quarantined. nil:
    ///   all count.
    public func revoke(node: NodeName, epoch: Epoch, reason: String, sizes: [LogName: Int64]? = nil) throws {
        let at = DateTime(milliseconds: Int64(now().timeIntervalSince1970) * 1_000, offsetMinutes: 0)
        var data = [
            JSONMember("node", .string(node.description)), JSONMember("epoch", .string(epoch.description)),
            JSONMember("reason", .string(reason)), JSONMember("at", .string(at.description)),
        ]
        if let sizes { data.append(JSONMember("sizes", Self.json(sizes))) }
        try recorder.record(
            Draft(
                type: "node.revoked", subject: node.description,
                data: .object(data), actor: own.node.description, role: "system", audience: own.region))
    }

    private static func json(_ sizes: [LogName: Int64]) -> JSON {
        .array(
            sizes.sorted { $0.key < $1.key }.map { log, size in
                .object([JSONMember("log", .string(log.description)), JSONMember("size", .int(size))])
            })
    }

    /// Changes how much of a revoked epoch counts. The right to sync does not come back.
    ///
    /// - Parameter sizes: as for `revoke`; nil: all lines count.
    /// - Throws: `NodeError` where this node wrote no revocation of it.
    public func correctRevocation(node: NodeName, epoch: Epoch, sizes: [LogName: Int64]?) throws {
        let revocations = try ownRevocations(of: node, epoch)
        guard !revocations.isEmpty else {
            throw NodeError(
                .badInput, "\(node)/\(epoch) was not revoked by \(own.node)",
                advice: "correct it where it was revoked, or at the centre by revoking it there at another size")
        }
        let patch: JSON = .object([JSONMember("sizes", sizes.map(Self.json) ?? .null)])
        try recorder.record(
            revocations.map { reference in
                Draft(
                    type: "record.corrected",
                    data: .object([
                        JSONMember("target", .string(reference.description)),
                        JSONMember("reason", .string("new_evidence")), JSONMember("patch", patch),
                    ]), actor: own.node.description, role: "system")
            })
    }

    private func ownRevocations(of node: NodeName, _ epoch: Epoch) throws -> [LineReference] {
        var found: [LineReference] = []
        try store.forEachLine(inScopeOf: own.region, containing: Array(epoch.description.utf8)) { bytes in
            guard let line = try? EventLine(parsing: bytes), line.type == "node.revoked", line.source.node == own.node,
                line.data["node"]?.stringValue == node.description,
                line.data["epoch"]?.stringValue == epoch.description
            else { return }
            found.append(
                try LineReference(log: line.source, sequence: line.sequence, leafHash: Hash.leaf(bytes).bytes))
        }
        return found
    }
}
