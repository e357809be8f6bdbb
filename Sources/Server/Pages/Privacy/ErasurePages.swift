import Catalogue
import Event
import Hummingbird
import Node
import Store

/// Erasing a person, at the hub: what it would destroy, the order, or the refusal with its ground.
struct ErasurePages: Sendable {
    private struct Page {
        let name: String
        let personHref: String
        let action: String
        let villages: String
        let alsoText: String?
        let requestText: String
        let cases: [OpenCase]
        let hasCases: Bool
        let reasonOptions: [FieldView.Option]
        let message: String?
        let groundValue: String
    }

    private struct OpenCase {
        let caseHref: String
        let caseLabel: String
    }

    private struct Progress {
        struct Step {
            let stepNode: String
            let stepState: String
            let stepDate: String
        }

        struct Row {
            let rowTitle: String
            let rowHref: String
            let rowState: String
            let steps: [Step]
        }

        let rows: [Row]
        let hasRows: Bool
    }

    private static let ordered = "privacy.erasure_ordered"

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/penghapusan") { try progress($0) }
        routes.get("/orang/{id}/hapus") { try ask($0, message: nil) }
        routes.post("/orang/{id}/hapus") { try order($0) }
        routes.post("/orang/{id}/hapus/tolak") { try refuse($0) }
    }

    /// Whether someone signed in may order an erasure at this node.
    static func isAllowed(_ site: Site, _ account: Account) -> Bool {
        guard site.node.own.role == .hub, let type = site.node.catalogue.types[ordered] else { return false }
        return type.roles.contains(account.role)
    }

    private func allowed(_ request: PageRequest) throws -> Account {
        let account = try request.account()
        guard Self.isAllowed(site, account) else { throw PageError.notAllowed }
        return account
    }

    /// The person asked about, if anything about her is theirs to read.
    private func person(_ request: PageRequest, _ account: Account) throws -> String {
        try site.desk.refresh()
        let id = try request.parameter("id")
        let isTheirs = try Readings.quietly {
            try site.desk.reader.records(site.desk.index.about(id)).contains { try site.mayRead($0, account) }
        }
        guard isTheirs else { throw PageError.notFound }
        return id
    }

    private func ask(_ request: PageRequest, message: String?) throws -> PageResponse {
        let id = try person(request, allowed(request))
        let words = try Wording(site, request)
        let plan = try site.node.planErasure(of: id)
        let page = Page(
            name: words.person(id), personHref: "/orang/\(id)", action: "/orang/\(id)/hapus",
            villages: plan.villages.map(\.description).joined(separator: ", "),
            alsoText: plan.also.isEmpty ? nil : words("erasure.also", ["n": String(plan.also.count)]),
            requestText: words(plan.request == nil ? "erasure.noRequest" : "erasure.hasRequest"),
            cases: plan.openCases.map { OpenCase(caseHref: "/kasus/\($0)", caseLabel: words("erasure.openCase")) },
            hasCases: !plan.openCases.isEmpty, reasonOptions: reasons(request), message: message,
            groundValue: request.form["ground"] ?? "")
        var response = try site.page("erasure", for: request, title: "erasure.title", page)
        if message != nil { response.status = .unprocessableContent }
        return response
    }

    private func reasons(_ request: PageRequest) -> [FieldView.Option] {
        (site.node.catalogue.codeLists["ERASE_REASON"]?.entries ?? []).map { entry in
            .init(
                value: entry.code, optionLabel: entry.label[request.language],
                isChosen: entry.code == request.form["reason"], optionID: "")
        }
    }

    private func refuse(_ request: PageRequest) throws -> PageResponse {
        let account = try allowed(request)
        guard let ground = request.form["ground"], !ground.isEmpty else {
            return try ask(request, message: site.texts("erasure.groundMissing", request.language))
        }
        let id = try person(request, account)
        try site.node.refuseErasure(of: id, ground: ground, actor: account.actor, role: account.role)
        site.noteLines()
        return .redirect("/penghapusan")
    }

    private func order(_ request: PageRequest) throws -> PageResponse {
        let account = try allowed(request)
        let id = try person(request, account)
        guard let reason = request.form["reason"], site.node.catalogue.codeLists["ERASE_REASON"]?[reason] != nil else {
            return try ask(request, message: site.texts("erasure.reasonMissing", request.language))
        }
        let plan = try site.node.planErasure(of: id)
        guard plan.openCases.isEmpty else {
            return try ask(request, message: site.texts("erasure.endangers", request.language))
        }
        try site.node.order(plan, reason: reason, actor: account.actor, role: account.role)
        site.noteLines()
        return .redirect("/penghapusan")
    }

    private func progress(_ request: PageRequest) throws -> PageResponse {
        let account = try allowed(request)
        try site.desk.refresh()
        let words = try Wording(site, request)
        let rows = try site.node.erasureProgress(reader: site.node.reader(of: account)).map { erasure in
            Progress.Row(
                rowTitle: words.person(erasure.person), rowHref: "/orang/\(erasure.person)",
                rowState: state(erasure, words),
                steps: erasure.steps.map { step in
                    Progress.Step(
                        stepNode: step.node, stepState: words("erasure.\(step.state)"),
                        stepDate: String((step.confirmedAt ?? step.lastContact ?? "").prefix(10)))
                })
        }
        return try site.page(
            "erasures", for: request, title: "erasure.progress", Progress(rows: rows, hasRows: !rows.isEmpty))
    }

    private func state(_ erasure: ErasureState, _ words: Wording) -> String {
        let status = words("erasure.\(erasure.status)")
        guard !erasure.isDone, let hours = erasure.hoursLeft else { return status }
        let clock =
            hours >= 0
            ? words("erasure.hoursLeft", ["n": String(hours)]) : words("erasure.hoursPast", ["n": String(-hours)])
        return "\(status) · \(clock)"
    }
}
