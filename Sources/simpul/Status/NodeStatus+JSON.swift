import Catalogue
import Event
import Node
import Store
import Sync

extension NodeStatus {
    var json: JSON {
        .object([
            JSONMember("node", .string(own.node.description)), JSONMember("epoch", .string(own.epoch.description)),
            JSONMember("role", .string(own.role.rawValue)), JSONMember("region", .string(own.region.description)),
            JSONMember("folder", .string(folder)), JSONMember("parent", parentJSON),
            JSONMember("written", Self.json(written)), JSONMember("held", Self.json(held)),
            JSONMember("heldup", .array(heldUp.map(Self.json))),
            JSONMember("children", .array(children.map(Self.json))),
            JSONMember(
                "moves",
                .array(
                    moves.map {
                        .object([
                            JSONMember("person", .string($0.person)), JSONMember("from", .string($0.from.description)),
                            JSONMember("now", .string($0.now.description)), JSONMember("on", .string($0.movedOn)),
                            JSONMember("handed_over_on", Self.json($0.handedOverOn)),
                        ])
                    })),
            JSONMember(
                "branches",
                .array(
                    branches.compactMap { head in
                        head.branch.map {
                            .object([
                                JSONMember("log", .string(head.log.description)), JSONMember("size", .int(head.size)),
                                JSONMember("branch", BranchWords.json($0)),
                            ])
                        }
                    })),
            JSONMember("conditions", .array(conditions.map(Self.json))),
            JSONMember(
                "alarms",
                .array(
                    alarms.map {
                        .object([
                            JSONMember("kind", .string($0.kind)), JSONMember("log", .string($0.log)),
                            JSONMember("detail", .string($0.detail)), JSONMember("at", .string($0.at)),
                        ])
                    })),
        ])
    }

    private var parentJSON: JSON {
        guard let parent else { return .null }
        return .object([
            JSONMember("node", .string(parent.node.description)), JSONMember("url", Self.json(parentAddress)),
            JSONMember("last_contact", Self.json(parent.lastContact)),
            JSONMember("last_agreement", Self.json(parent.lastAgreement)),
            JSONMember("last_failure", Self.json(parent.failureReason == nil ? nil : parent.lastFailure)),
            JSONMember("failure", Self.json(parent.failureReason)),
            JSONMember("failure_code", Self.json(parent.failureCode)),
        ])
    }

    private static func json(_ tally: LinePaths.Tally) -> JSON {
        .object([
            JSONMember("saved", .int(tally.saved)), JSONMember("at_hub", .int(tally.atHub)),
            JSONMember("at_centre", .int(tally.atCentre)), JSONMember("counted", .int(tally.counted)),
        ])
    }

    private static func json(_ held: HeldUp) -> JSON {
        .object([
            JSONMember("log", .string(held.log.description)),
            JSONMember("first", held.run.map { .int($0.lowerBound) } ?? .null),
            JSONMember("last", held.run.map { .int($0.upperBound) } ?? .null),
            JSONMember("code", .string(held.code)), JSONMember("detail", .string(held.detail)),
        ])
    }

    private static func json(_ condition: NodeCondition) -> JSON {
        func text(_ text: LocalizedText) -> JSON {
            .object([JSONMember("id", .string(text.id)), JSONMember("en", .string(text.en))])
        }
        return .object([
            JSONMember("code", .string(condition.code.rawValue)), JSONMember("since", json(condition.since)),
            JSONMember("about", .string(condition.about)), JSONMember("urgent", .bool(condition.isUrgent)),
            JSONMember("what", text(condition.what)), JSONMember("next", text(condition.next)),
        ])
    }

    private static func json(_ child: Child) -> JSON {
        .object([
            JSONMember("node", .string(child.node.description)),
            JSONMember("region", .string(child.region.description)),
            JSONMember("last_contact", json(child.lastContact)), JSONMember("revoked", .bool(child.isRevoked)),
        ])
    }

    private static func json(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}
