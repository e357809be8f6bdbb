import Catalogue
import Event
import Hummingbird
import Node
import ReadModels
import Store

/// The centre: who is in contact, what failed, what is stuck; and the questions to the read models.
struct CentrePages: Sendable {
    private struct HealthPage {
        struct NodeRow {
            let nodeName: String
            let nodeRegion: String
            let nodeRole: String
            let contact: String
            let isSilent: Bool
            let isBelow: Bool
            let lines: String
            let parkedLines: String?
        }

        let day: String
        let connected: String
        let isWholeInContact: Bool
        let nodes: [NodeRow]
        let stuck: [MorningPages.Trouble]
        let hasStuck: Bool
        let states: [ConditionView]
        let hasStates: Bool
        let alarms: [ConditionView]
        let hasFailed: Bool
        let cut: String
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/") { try health($0) }
        QueryPages(site: site).register(on: routes)
        FiguresPages(site: site).register(on: routes)
    }

    private func health(_ request: PageRequest) throws -> PageResponse {
        let words = try Wording(site, request)
        let account = try request.account()
        let reader = try site.node.modelReader
        let answer = try reader.query(
            ModelQuery(
                "sync_health", sort: [SortKey("silent_days", descending: true)], limit: 2_000,
                scope: try account.regionCode(), reader: try site.node.reader(of: account), today: site.desk.localDay))
        let nodes = answer.rows.indices.map { row in node(answer, row, words) }
        let silent = nodes.count(where: \.isSilent)
        let below = nodes.count { $0.isBelow }
        let stuck = try reader.parked(limit: 50).map { line in
            MorningPages.Trouble(
                troubleTitle: words.trouble(line.reason.rawValue),
                troubleDetail: "\(line.type ?? "?") · \(line.log)#\(line.sequence)",
                troubleHelp: words.troubleHelp(line.reason.rawValue, line.detail))
        }
        let conditions = try site.node.conditions()
        let states = conditions.filter { !$0.isAlarm }.map { ConditionView($0, words) }
        let alarms = conditions.filter(\.isAlarm).map { ConditionView($0, words) }
        let page = HealthPage(
            day: words.dates.weekdayAndDay(words.dates.today),
            connected: words("health.connected", ["n": String(below - silent), "m": String(below)]),
            isWholeInContact: silent == 0,
            nodes: nodes, stuck: stuck, hasStuck: !stuck.isEmpty, states: states, hasStates: !states.isEmpty,
            alarms: alarms, hasFailed: !alarms.isEmpty,
            cut: words.grouped(try reader.cut))
        return try site.page("health", for: request, title: "health.title", page)
    }

    private func node(_ answer: Answer, _ row: Int, _ words: Wording) -> HealthPage.NodeRow {
        let parked = answer[row, "parked"]?.integer ?? 0
        let contact = answer[row, "last_contact"]?.text
        let role = answer[row, "node_role"]?.text
        return HealthPage.NodeRow(
            nodeName: answer[row, "node"]?.text ?? "", nodeRegion: answer[row, "region"]?.text ?? "",
            nodeRole: words.code("NODE_ROLE", role) ?? "",
            contact: contact.map { words.past($0) } ?? words("morning.never"),
            isSilent: role != "centre" && (answer[row, "silent_days"]?.integer ?? .max) > 1, isBelow: role != "centre",
            lines: words.grouped(answer[row, "lines"]?.integer ?? 0),
            parkedLines: parked > 0 ? words.grouped(parked) : nil)
    }
}
