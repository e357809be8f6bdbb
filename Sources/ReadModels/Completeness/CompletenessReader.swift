import Catalogue
import Event

/// Finds out who should have reported, who has, and how final figures are.
///
/// Which nodes are enrolled and when they were last in touch is itself a model, `node_state`, so that an answer as
/// of an earlier cut has the completeness of that cut. Without that model, answers have none.
struct CompletenessReader {
    let context: ReadContext

    /// Days after a period's end in which late records are expected.
    static let graceDays = 30

    /// For the rows of a question: its region and period are those that its filters single out.
    func completeness(
        of query: ModelQuery, model: ModelFile, compiler: QueryCompiler
    ) throws -> Completeness? {
        guard model.scope != .everyone || model.periodColumn != nil else { return nil }
        let region = region(of: query, model: model)
        let period = try period(of: query, model: model, compiler: compiler)
        guard var result = try completeness(of: region, period: period, today: query.today) else { return nil }
        if result.state != .open, try isRestated(query, model: model) {
            result.state = .restated
            result.rule = Self.rule(.restated, grace: Self.graceDays)
        }
        return result
    }

    private func region(of query: ModelQuery, model: ModelFile) -> RegionCode {
        for filter in query.filters where filter.comparison == .equal && filter.values.count == 1 {
            guard let column = model.columns.first(where: { $0.name == filter.column }), column.type == .region,
                let text = filter.values[0].text, let region = try? RegionCode(text), region.isAtOrBelow(query.scope)
            else { continue }
            return region
        }
        return query.scope
    }

    /// The one period that a filter names; else the latest among the rows.
    private func period(of query: ModelQuery, model: ModelFile, compiler: QueryCompiler) throws -> Period? {
        guard let column = model.periodColumn else { return nil }
        for filter in query.filters where filter.column == column && filter.comparison == .equal {
            let periods = filter.values.compactMap { $0.text.flatMap(Period.init) }
            if let last = periods.max(by: { $0.lastDay < $1.lastDay }) { return last }
        }
        return try compiler.greatest(column, context.connection).text.flatMap(Period.init)
    }

    // MARK: - Nodes

    func completeness(of region: RegionCode, period: Period?, today: LocalDay) throws -> Completeness? {
        guard let model = context.registry.find(WellKnown.nodes) else { return nil }
        let dayAfter = period.map { $0.lastDay.adding(days: 1) }
        let threshold = min(dayAfter ?? today, today)
        var enrolled = 0
        var silent: [Completeness.SilentNode] = []
        for node in try nodes(model, in: region) where node.isEnrolled(during: period, today: today) {
            enrolled += 1
            // A contact later than today is the doing of a clock; it counts as today's.
            let contact = node.lastContact.map { min($0, today) }
            if contact.map({ $0 < threshold }) ?? true {
                silent.append(Completeness.SilentNode(node: node.name, region: node.region, lastContact: contact))
            }
        }
        let reporting = enrolled - silent.count
        let state = Self.state(period, today: today, isComplete: silent.isEmpty)
        return Completeness(
            region: region, period: period, threshold: threshold, enrolled: enrolled, reporting: reporting,
            silent: silent, state: state, rule: Self.rule(state, grace: Self.graceDays))
    }

    private struct Node {
        var name: String
        var region: RegionCode
        var since: LocalDay
        var revoked: LocalDay?
        var lastContact: LocalDay?

        func isEnrolled(during period: Period?, today: LocalDay) -> Bool {
            guard since <= (period?.lastDay ?? today) else { return false }
            return revoked.map { $0 > (period?.firstDay ?? today) } ?? true
        }
    }

    private func nodes(_ model: ModelFile, in region: RegionCode) throws -> [Node] {
        let condition = ScopeCondition.condition(.within(column: "region"), region: region)
        return try context.connection.rows(
            "SELECT node, region, since, revoked_on, last_contact FROM \(model.name) "
                + "WHERE reports = 1 AND (\(condition?.text ?? "1")) ORDER BY node", condition?.values ?? []
        ).compactMap { row in
            guard let name = row[0].text, let region = row[1].text.flatMap({ try? RegionCode($0) }),
                let since = row[2].text.flatMap(LocalDay.init)
            else { return nil }
            return Node(
                name: name, region: region, since: since, revoked: row[3].text.flatMap(LocalDay.init),
                lastContact: row[4].text.flatMap(LocalDay.init))
        }
    }

    // MARK: - State

    private static func state(_ period: Period?, today: LocalDay, isComplete: Bool) -> PeriodState {
        guard let period, period.lastDay < today else { return .open }
        let graceIsOver = period.lastDay.adding(days: graceDays) < today
        return graceIsOver && isComplete ? .final : .provisional
    }

    static func rule(_ state: PeriodState, grace: Int) -> LocalizedText {
        switch state {
        case .open:
            LocalizedText(
                id: "Periode masih berjalan; angka akan bertambah.",
                en: "The period is still running; figures will grow.")
        case .provisional:
            LocalizedText(
                id: "Periode sudah berakhir, tetapi belum lewat \(grace) hari atau belum semua simpul melapor.",
                en: "The period has ended, but \(grace) days have not passed or not every node has reported.")
        case .final:
            LocalizedText(
                id: "Sudah lewat \(grace) hari sejak akhir periode dan semua simpul sudah melapor.",
                en: "\(grace) days have passed since the period's end and every node has reported.")
        case .restated:
            LocalizedText(
                id: "Angka ini pernah diterbitkan dengan nilai lain; lihat pernyataan ulang.",
                en: "This figure was published with another value; see the restatements.")
        }
    }

    /// Whether one of these very figures was published and is another now.
    private func isRestated(_ query: ModelQuery, model: ModelFile) throws -> Bool {
        let wanted = Set(query.filters.map(\.description))
        return try PublishedFigure.all(context).contains { figure in
            guard figure.model == model.name, Set(figure.filters.map(\.description)) == wanted,
                figure.isAbout(query.scope, context)
            else { return false }
            return try figure.value(in: context, today: query.today) != figure.value
        }
    }
}

extension ModelReader {
    /// Who has reported from a region for a period; nil where the catalogue has no model of its nodes.
    public func completeness(
        of region: RegionCode, period: Period?, today: LocalDay, asOf: AsOf = .now
    ) throws -> Completeness? {
        try read([WellKnown.nodes], asOf: asOf) { context in
            try CompletenessReader(context: context).completeness(of: region, period: period, today: today)
        }
    }
}
