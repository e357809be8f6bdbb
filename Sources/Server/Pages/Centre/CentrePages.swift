import Catalogue
import Event
import Hummingbird
import Node
import ReadModels
import Store

/// The centre: how complete its knowledge is, and questions to the read models.
struct CentrePages: Sendable {
    struct ModelItem {
        let modelHref: String
        let modelTitle: String
        let modelName: String
        let modelAbout: String
    }

    private struct HealthPage {
        struct NodeRow {
            let nodeName: String
            let nodeRegion: String
            let nodeRole: String
            let contact: String
            let isSilent: Bool
            let lines: String
            let parkedLines: String?
        }

        let day: String
        let completeness: CompletenessView?
        let nodes: [NodeRow]
        let stuck: [MorningPages.Trouble]
        let hasStuck: Bool
        let failed: [MorningPages.Trouble]
        let hasFailed: Bool
        let cut: String
    }

    private struct ModelsPage {
        let models: [ModelItem]
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/") { try health($0) }
        routes.get("/tanya") { try models($0) }
        let query = QueryPages(site: site)
        routes.get("/tanya/{model}") { try query.ask($0) }
        routes.get("/tanya/{model}/csv") { try query.csv($0) }
    }

    private func health(_ request: PageRequest) throws -> PageResponse {
        let words = Wording(site, request)
        let region = try request.account().regionCode()
        let reader = try site.node.modelReader
        let answer = try reader.query(
            ModelQuery(
                "sync_health", sort: [SortKey("silent_days", descending: true)], limit: 2_000, scope: region,
                today: site.desk.localDay))
        let nodes = answer.rows.indices.map { row in node(answer, row, words) }
        let completeness = try reader.completeness(of: region, period: nil, today: site.desk.localDay)
        let stuck = try reader.parked(limit: 50).map { line in
            MorningPages.Trouble(
                troubleTitle: site.texts.known("reason.\(line.reason.rawValue)", request.language)
                    ?? line.reason.rawValue,
                troubleDetail: "\(line.type ?? "?") · \(line.log)#\(line.sequence)",
                troubleHelp: line.detail.isEmpty ? nil : line.detail)
        }
        let failed = try site.node.store.alarms().map { alarm in
            MorningPages.Trouble(
                troubleTitle: site.texts.known("reason.\(alarm.kind)", request.language) ?? alarm.kind,
                troubleDetail: "\(alarm.log) · \(words.past(alarm.at))", troubleHelp: alarm.detail)
        }
        let page = HealthPage(
            day: words.dates.weekdayAndDay(words.dates.today),
            completeness: completeness.map { CompletenessView($0, words) },
            nodes: nodes, stuck: stuck, hasStuck: !stuck.isEmpty, failed: failed, hasFailed: !failed.isEmpty,
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
            isSilent: role != "centre" && (answer[row, "silent_days"]?.integer ?? .max) > 1,
            lines: words.grouped(answer[row, "lines"]?.integer ?? 0),
            parkedLines: parked > 0 ? words.grouped(parked) : nil)
    }

    private func models(_ request: PageRequest) throws -> PageResponse {
        let infos = try site.node.modelReader.models().sorted { $0.name < $1.name }
        let page = ModelsPage(
            models: infos.map { info in
                ModelItem(
                    modelHref: "/tanya/\(info.name)", modelTitle: info.title[request.language], modelName: info.name,
                    modelAbout: info.about)
            })
        return try site.page("models", for: request, title: "query.title", page)
    }
}
