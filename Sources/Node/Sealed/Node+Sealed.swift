import Event
import Foundation
import Store
import TransparencyLog

/// What was opened, for the eyes of those who opened it.
public struct OpenedTestimony: Sendable {
    public let line: EventLine
    public let members: JSON
}

extension Node {
    private static let opened = "sealed.opened"

    /// Publishes an office's key, or a next one of it, to all villages of `region`.
    public func publish(
        _ name: OfficeKeyName, publicKey: Data, region: RegionCode, title: String, needsTwo: Bool, by author: Author
    ) throws {
        guard own.role == .centre else {
            throw NodeError(.badInput, "only the centre publishes offices' keys", advice: "do it there")
        }
        guard publicKey.count == 32 else {
            throw NodeError(.badInput, "a public key has 32 bytes", advice: "copy it whole from `simpul office make`")
        }
        let known = try OfficeKeys(node: self).all.filter { $0.name.office == name.office }
        guard known.allSatisfy({ $0.name.number < name.number }) else {
            throw NodeError(
                .exists, "\(name.office) has key \(known.map(\.name.number).max() ?? 0) already",
                advice: "a new key takes the next number")
        }
        try recorder.record(
            Draft(
                type: OfficeKeys.published, subject: name.office,
                data: .object([
                    JSONMember("office", .string(name.office)), JSONMember("number", .int(name.number)),
                    JSONMember("public_key", .string(publicKey.base64EncodedString())),
                    JSONMember("title", .string(title)), JSONMember("for_region", .string(region.description)),
                    JSONMember("needs_two", .bool(needsTwo)),
                ]), actor: author.actor, role: author.role, audience: .nation))
    }

    /// Ends a key: nothing is sealed for it from the moment a village knows. What was sealed stays as it is.
    public func revokeOfficeKey(_ name: OfficeKeyName, reason: String, by author: Author) throws {
        guard own.role == .centre, try OfficeKeys(node: self).all.contains(where: { $0.name == name }) else {
            throw NodeError(
                .badInput, "\(name) was not published here", advice: "`simpul office list` shows the keys")
        }
        try recorder.record(
            Draft(
                type: OfficeKeys.revoked, subject: name.office,
                data: .object([
                    JSONMember("office", .string(name.office)), JSONMember("number", .int(name.number)),
                    JSONMember("reason", .string(reason)),
                ]), actor: author.actor, role: author.role, audience: .nation))
    }

    /// Opens what is sealed in a record, after a line about it was written.
    ///
    /// - Parameters:
    ///   - passphrases: of the key file, in their order.
    ///   - second: pseudonym of the second person, where the key takes two.
    /// - Throws: `NodeError`; nothing was opened then, and a wrong passphrase leaves no line.
    public func openSealed(
        _ reference: LineReference, with file: OfficeKeyFile, _ passphrases: [Passphrase], reason: String,
        by author: Author, second: String?
    ) throws -> OpenedTestimony {
        guard let bytes = try store.line(reference) else {
            throw NodeError(
                .badInput, "the record \(reference) is not on this node", advice: "sync first, or name another one")
        }
        guard file.people == 1 || second != nil && second != author.actor else {
            throw NodeError(
                .badInput, "this key takes two different people", advice: "name the second one with --second")
        }
        let line = try EventLine(parsing: bytes)
        let key = try file.open(passphrases)
        let members = try SealedBox.open(line, key)
        var data = [
            JSONMember("target", .string(reference.description)),
            JSONMember("office_key", .string(try file.name.description)), JSONMember("reason", .string(reason)),
        ]
        if let second { data.append(JSONMember("second_actor", .string(second))) }
        // Durable before anyone sees it: an opening that left no trace did not happen.
        try recorder.record(
            Draft(
                type: Self.opened, subject: line.subject, data: .object(data), actor: author.actor,
                role: author.role, audience: own.region))
        return OpenedTestimony(line: line, members: members)
    }
}
