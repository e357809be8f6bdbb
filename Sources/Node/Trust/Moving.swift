import Event
import Foundation
import Store

// A node that changes hands keeps its name, its keys and its logs (`protocol/04-session.md`, "Changing hands").
//
// What must stay true: the new parent has the enrolment durably before the configuration names it; the line about the
// move is written after the configuration is, and again after a crash in between: twice says the same.
extension NodeSetup {
    /// Makes the server of an invitation this node's parent. Asking again after a lost answer is safe.
    ///
    /// - Throws: `NodeError` when the invitation is for another node or region, or of another network.
    /// - Returns: the parent it had and the one it has.
    @discardableResult
    public static func move(
        folder: NodeFolder, invitation: InvitationCode, authority: String? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws -> (from: NodeName, to: NodeName) {
        try move(folder: folder, invitation: invitation, authority: authority, now: now) { request in
            try post(request, invitation, authority: authority)
        }
    }

    /// - Parameter ask: carries the request to the server and brings its answer.
    @discardableResult
    package static func move(
        folder: NodeFolder, invitation: InvitationCode, authority: String?, now: @escaping @Sendable () -> Date,
        ask: (JSON) throws -> JSON
    ) throws -> (from: NodeName, to: NodeName) {
        var configuration = try NodeConfiguration.load(folder)
        let keys = try NodeKeys(folder)
        let former = try former(configuration, invitation)
        let accepted = try accepted(try ask(try request(invitation, keys: keys)), invitation, keys)
        try requireSamePlace(accepted, configuration, invitation)
        if configuration.parent?.key.node != invitation.server.node.description {
            configuration.movedFrom = former.description
        }
        configuration.parent = parent(invitation, authority: authority)
        try configuration.save(folder)
        let node = try Node(folder: folder, now: now)
        defer { try? node.close() }
        try node.announceMove()
        return (former, invitation.server.node)
    }

    /// The parent that is left, once it is clear that this invitation may replace it.
    private static func former(_ configuration: NodeConfiguration, _ invitation: InvitationCode) throws -> NodeName {
        guard let parent = configuration.parent else {
            throw NodeError(.badInput, "\(configuration.node) is the centre: nothing is above it", advice: "leave it")
        }
        guard invitation.node.description == configuration.node else {
            throw NodeError(
                .badInput, "this invitation is for \(invitation.node), this node is \(configuration.node)",
                advice: "ask the operator of \(invitation.server.node) for one in this node's name")
        }
        guard try invitation.root == configuration.root.enrolment() else {
            throw NodeError(
                .notTrusted,
                "\(invitation.server.node) belongs to another network: its root is \(invitation.root.node)/"
                    + "\(invitation.root.epoch)",
                advice: "do not go on; ask who gave you the invitation. Nothing was changed here")
        }
        return try NodeName(configuration.movedFrom ?? parent.key.node)
    }
}

extension Node {
    /// Writes the line about a change of parents, if one is due.
    public func announceMove() throws {
        var written = try NodeConfiguration.load(folder)
        guard let from = written.movedFrom, let to = written.parent?.key.node else { return }
        if from != to {
            try recorder.record(
                Draft(
                    type: "node.moved", subject: own.node.description,
                    data: .object([
                        JSONMember("node", .string(own.node.description)),
                        JSONMember("epoch", .string(own.epoch.description)), JSONMember("from", .string(from)),
                        JSONMember("to", .string(to)), JSONMember("on", .string(localDay(now()))),
                    ]), actor: own.node.description, role: "system", audience: own.region, region: own.region))
        }
        written.movedFrom = nil
        try written.save(folder)
        try keyring.settle()
    }
}
