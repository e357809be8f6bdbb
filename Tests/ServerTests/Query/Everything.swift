import Catalogue
import Event
import Foundation
import Node
import Store
import TestKit

/// A record of every type that people write, once for each of two villages, and some cases that rules tell apart. A hub
/// below the centre records them: the centre itself can encrypt nothing.
struct Everything {
    let node: Node

    /// - Parameter more: what the hub records beside it.
    func record(and more: [Draft] = []) throws {
        var (drafts, national) = (more, [Draft]())
        for village in [QueryServer.lontar, QueryServer.domas] {
            let ids = Ids()
            for type in node.catalogue.types.values.sorted(by: { $0.name < $1.name })
            where type.nodes != [.program] && !["target", "node", "testimony", "office"].contains(type.subject.kind) {
                let made = try draft(type, ids, village, [:])
                if type.audience.level == .nation { national.append(made) } else { drafts.append(made) }
            }
            for kind in ["wage_unpaid", "tppo", "illegal_recruitment"] {
                drafts += try caseOf(kind, dangerous: kind == "wage_unpaid", trafficking: false, village)
            }
            drafts += try caseOf("sick", dangerous: false, trafficking: true, village)
        }
        try node.recorder.record(national)
        try Self.atHub(of: node, drafts)
    }

    /// Lets a hub of Serang record, and carries it to the centre.
    static func atHub(of node: Node, _ drafts: [Draft]) throws {
        let centre = try TestNode(node)
        let hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: node.now)
        try hub.node.recorder.record(drafts)
        try hub.carry(to: centre)
        try node.project()
    }

    private func caseOf(_ kind: String, dangerous: Bool, trafficking: Bool, _ village: String) throws -> [Draft] {
        let ids = Ids()
        return try ["person.registered", "case.opened", "case.triaged", "case.referred"].compactMap {
            node.catalogue.types[$0]
        }.map {
            try draft(
                $0, ids, village,
                $0.name == "case.opened"
                    ? ["kind": .string(kind), "immediate_danger": .bool(dangerous)]
                    : $0.name == "case.triaged" ? ["possible_trafficking": .bool(trafficking)] : [:])
        }
    }

    /// The type's own example, about this village's entities.
    private func draft(_ type: EventType, _ ids: Ids, _ village: String, _ changes: [String: JSON]) throws -> Draft {
        var data = type.example
        for (name, id) in [("person_id", ids["person"]), ("case_id", ids["case"]), ("household_id", ids["household"])]
        where data[name] != nil {
            data = data.setting(name, to: .string(id))
        }
        // Whom the law lets be recorded without asking: consent is not what is tried here.
        if type.name == "person.registered" { data = data.setting("lawful_basis", to: "public_task") }
        if data["person_ids"] != nil { data = data.setting("person_ids", to: [.string(ids["person"])]) }
        for (name, value) in changes { data = data.setting(name, to: value) }
        var subject = ids[type.subject.kind]
        if type.subject.kind == "region" { subject = village }
        if let field = type.subject.field { data = data.setting(field, to: .string(subject)) }
        let region = try RegionCode(village)
        return Draft(
            type: type.name, subject: subject, data: data, actor: "co-1", role: "community_organizer",
            audience: type.audience.level == .nation ? nil : region)
    }

    /// One entity of each kind.
    private final class Ids {
        private var ids: [String: String] = [:]

        subscript(kind: String) -> String {
            if let id = ids[kind] { return id }
            let id = UUID().uuidString.lowercased()
            ids[kind] = id
            return id
        }
    }
}
