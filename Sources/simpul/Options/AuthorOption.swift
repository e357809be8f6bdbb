import ArgumentParser
import Event
import Foundation
import Node
import Store

/// Who records, and in which role.
struct AuthorOption: ParsableArguments {
    @Option(help: "Pseudonym of who records. Default: SIMPUL_ACTOR, else the node's name.")
    var actor: String?

    @Option(
        help: "Role of who records, a code of the list ROLE. Default: SIMPUL_ROLE, else the usual one of such a node.")
    var role: String?

    func author(_ node: Node) -> Author {
        Author(
            actor: actor ?? Self.variable("SIMPUL_ACTOR") ?? node.own.node.description,
            role: role ?? Self.variable("SIMPUL_ROLE") ?? Self.usualRole(node.own.role))
    }

    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func usualRole(_ role: Enrolment.Role) -> String {
        switch role {
        case .village: "community_organizer"
        case .hub: "hub_officer"
        case .centre: "central_officer"
        }
    }
}
