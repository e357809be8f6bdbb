import ArgumentParser
import Event
import Foundation
import Node
import Store

struct NodesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every node that is enrolled here, with its last contact.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "One JSON object a node.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        for known in try node.store.enrolments(atOrBelow: node.own.region) {
            let peer = try node.store.peer(known.enrolment.node)
            let contact = peer.lastContact ?? peer.contactDay
            if json { Output.result(document(known, contact)) } else { Output.result(line(known, contact)) }
        }
    }

    private func line(_ known: KnownEnrolment, _ contact: String?) -> String {
        let enrolment = known.enrolment
        let state =
            known.revoked.map { language.say("dicabut \($0)", "revoked \($0)") }
            ?? contact.map { language.say("kontak \($0)", "contact \($0)") } ?? "-"
        return [
            enrolment.node.description.padded(20), enrolment.role.rawValue.padded(8),
            enrolment.region.description.padded(14), enrolment.epoch.description, state,
        ].joined(separator: "  ")
    }

    private func document(_ known: KnownEnrolment, _ contact: String?) -> JSON {
        let enrolment = known.enrolment
        return .object([
            JSONMember("node", .string(enrolment.node.description)),
            JSONMember("epoch", .string(enrolment.epoch.description)),
            JSONMember("role", .string(enrolment.role.rawValue)),
            JSONMember("region", .string(enrolment.region.description)),
            JSONMember("enrolled_by", .string(known.reference)),
            JSONMember("revoked", known.revoked.map { .string($0) } ?? .null),
            JSONMember("last_contact", contact.map { .string($0) } ?? .null),
        ])
    }
}
