import Catalogue
import Event
import Foundation
import Node
import Testing

@testable import ReadModels

/// Every role against every model, over HTTP: what comes is what the policy grants of what is there, no more and no
/// less. What is there is read as the holder of the files.
@Suite("Roles and what they see")
struct RoleMatrixTests {
    /// Lontar is in it, Domas is not.
    private static let region = "36.04.13"

    @Test("each role gets exactly its rows and columns of each model, in every form")
    func matrix() async throws {
        try await QueryServer.run(knowing: .everything) { server in
            let policy = server.node.catalogue.access
            let models = try server.node.modelReader.models()
            #expect(models.count >= 24)
            var (answered, refused, limited) = (0, 0, 0)
            for (role, isOfficial) in policy.roles.flatMap({ [($0.code, false), ($0.code, true)] }) {
                let login = "\(role)@\(Self.region)\(isOfficial ? "!" : "")"
                let listed = try await server.get("/q/v1/models", as: login).json()["models"]?.arrayValue ?? []
                for model in models {
                    let grant = policy.grant(model.topic, to: role, isConflicted: isOfficial)
                    let path = "/q/v1/models/\(model.name)"
                    let reply = try await server.get(path + "?limit=1000", as: login)
                    let description = listed.first { $0["name"]?.stringValue == model.name }
                    guard let grant else {
                        #expect(reply.status == 403, "\(login) \(model.name)")
                        #expect(description == nil, "\(login) \(model.name)")
                        let explained = try await server.get(path + "/explain?key=" + key(model), as: login)
                        #expect(explained.status == 403, "\(login) \(model.name)")
                        refused += 1
                        continue
                    }
                    try #require(reply.status == 200, "\(login) \(model.name): \(reply.text)")
                    let expected = try Expected(model, grant, policy, server.node)
                    #expect(
                        description?["columns"]?.arrayValue?.compactMap { $0["name"]?.stringValue } == expected.columns)
                    #expect(try names(reply.json()["columns"]) == expected.columns, "\(login) \(model.name)")
                    #expect(try rows(reply, expected.columns) == expected.rows, "\(login) \(model.name)")
                    let csv = try await server.get(path + "?limit=1000&format=csv", as: login)
                    #expect(
                        csv.text.split(separator: "\r\n").count == expected.rows.count + 1, "\(login) \(model.name)")
                    #expect(csv.text.hasPrefix(expected.columns.joined(separator: ",") + "\r\n"))
                    for hidden in grant.hidden where model.columns.contains(where: { $0.name == hidden }) {
                        #expect(try await server.get(path + "?\(hidden)=1", as: login).status == 400)
                        #expect(try await server.get(path + "?sort=\(hidden)", as: login).status == 400)
                    }
                    answered += 1
                    if !grant.only.isEmpty || !grant.never.isEmpty { limited += 1 }
                }
            }
            // The matrix was not empty in any of its parts.
            #expect(answered > 200 && refused > 200 && limited > 20)
        }
    }

    @Test("lines behind a row are for those who see timelines")
    func explanations() async throws {
        try await QueryServer.run(knowing: .everything) { server in
            let key = "\(QueryServer.lontar),36.04,2026-08"
            let path = "/q/v1/models/departures_by_month/explain?key=" + key
            for (role, status) in [
                ("hub_officer", 200), ("community_organizer", 200), ("central_officer", 403), ("village_official", 403),
                ("analyst", 403), ("community_organizer!", 403),
            ] {
                let login = role.hasSuffix("!") ? "\(role.dropLast())@\(Self.region)!" : "\(role)@\(Self.region)"
                let reply = try await server.get(path, as: login)
                #expect(reply.status == status, "\(role)")
            }
        }
    }

    @Test("a recruiter's sighting and a case about one reach no village official, whoever appointed them")
    func conflict() async throws {
        let appointed = QueryServer.Knowledge { node in
            let appointment = Draft(
                type: "community.organizer_changed", subject: UUID().uuidString.lowercased(),
                data: [
                    "org_id": .string(UUID().uuidString.lowercased()),
                    "actor_id": .string("community_organizer@\(Self.region)"), "name": "Junali",
                    "role": "community_organizer", "action": "appointed", "effective_on": "2026-07-01",
                    "is_village_official": true,
                ], actor: "pe-1", role: "hub_officer", audience: try RegionCode(QueryServer.lontar))
            try Everything(node: node).record(and: [appointment])
        }
        try await QueryServer.run(knowing: appointed) { server in
            for login in ["community_organizer@\(Self.region)", "community_organizer@\(QueryServer.lontar)!"] {
                #expect(try await server.get("/q/v1/models/recruiters", as: login).status == 403)
                let cases = try await server.get("/q/v1/models/case_board", as: login).json()["rows"]?.arrayValue ?? []
                let kinds = Set(cases.compactMap { $0["kind"]?.stringValue })
                #expect(kinds.contains("wage_unpaid"))
                #expect(kinds.isDisjoint(with: ["tppo", "illegal_recruitment", "sick"]))
                let timeline = try await server.get("/q/v1/models/person_events", as: login).text
                #expect(timeline.contains("person.registered"))
                #expect(!timeline.contains("\"recruiter.sighted\"") && !timeline.contains("\"case.opened\""))
            }
        }
    }

    // MARK: - What is expected

    private struct Expected {
        let columns: [String]
        let rows: [String]

        init(_ model: ModelInfo, _ grant: AccessPolicy.Grant, _ policy: AccessPolicy, _ node: Node) throws {
            let all = try Self.rows(of: model.name, node)
            let shown = model.columns.map(\.name).filter { !grant.hidden.contains($0) || model.key.contains($0) }
            let through = policy.topic(model.topic)?.through
            let judges = try through.map { try Self.rows(of: $0.model, node) } ?? []
            let scope = try node.modelReader.read { $0.registry.find(model.name)?.scope }
            columns = shown
            rows = all.filter { row in
                func holds(_ rule: AccessPolicy.Rule) -> Bool {
                    if row.keys.contains(rule.column) { return rule.holds(for: row[rule.column] ?? nil) }
                    return judges.contains { judge in
                        judge[through?.column ?? ""] == row[through?.column ?? ""]
                            && rule.holds(for: judge[rule.column] ?? nil)
                    }
                }
                return Self.isIn(RoleMatrixTests.region, row, scope)
                    && (grant.only.isEmpty || grant.only.contains(where: holds)) && !grant.never.contains(where: holds)
            }.map { row in shown.map { (row[$0] ?? nil) ?? "–" }.joined(separator: "|") }.sorted()
        }

        private static func rows(of model: String, _ node: Node) throws -> [[String: String?]] {
            let answer = try node.modelReader.query(
                ModelQuery(
                    model, limit: 10_000, scope: .nation, reader: .holder, today: #require(LocalDay("2026-10-03"))))
            return answer.rows.map { row in
                Dictionary(uniqueKeysWithValues: zip(answer.columns.map(\.name), row.map { $0.isNull ? nil : "\($0)" }))
            }
        }

        private static func isIn(_ region: String, _ row: [String: String?], _ scope: RowScope?) -> Bool {
            func below(_ code: String) -> Bool { code == region || code.hasPrefix(region + ".") }
            func above(_ code: String) -> Bool { code == "id" || region.hasPrefix(code + ".") }
            switch scope {
            case .everyone: return true
            case .within(let column): return (row[column] ?? nil).map(below) ?? false
            case .withinAndAbove(let column): return (row[column] ?? nil).map { below($0) || above($0) } ?? false
            case nil: return false
            }
        }
    }

    private func rows(_ reply: QueryServer.Reply, _ columns: [String]) throws -> [String] {
        try (reply.json()["rows"]?.arrayValue ?? []).map { row in
            columns.map { name in
                switch row[name] {
                case .string(let text): text
                case .int(let number): String(number)
                case .bool(let flag): flag ? "1" : "0"
                default: "–"
                }
            }.joined(separator: "|")
        }.sorted()
    }

    private func names(_ columns: JSON?) -> [String] {
        columns?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
    }

    private func key(_ model: ModelInfo) -> String { model.key.map { _ in "1" }.joined(separator: ",") }
}
