import Catalogue
import Event
import Foundation
import Node

/// A record of every type that people write, once for each of two villages, and some cases that rules tell apart.
struct Everything {
    let node: Node

    func record() throws {
        for village in [QueryServer.lontar, QueryServer.domas] {
            var drafts: [Draft] = []
            let ids = Ids()
            for type in node.catalogue.types.values.sorted(by: { $0.name < $1.name })
            where type.nodes != [.program] && type.subject.kind != "target" && type.subject.kind != "node" {
                drafts.append(try draft(type, ids, village, [:]))
            }
            for kind in ["wage_unpaid", "tppo", "illegal_recruitment"] {
                drafts += try caseOf(kind, dangerous: kind == "wage_unpaid", trafficking: false, village)
            }
            drafts += try caseOf("sick", dangerous: false, trafficking: true, village)
            try node.recorder.record(drafts)
        }
        try node.project()
    }

    private func caseOf(_ kind: String, dangerous: Bool, trafficking: Bool, _ village: String) throws -> [Draft] {
        let ids = Ids()
        return try ["case.opened", "case.triaged", "case.referred"].compactMap { node.catalogue.types[$0] }.map {
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
