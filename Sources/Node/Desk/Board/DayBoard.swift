import Event
import ReadModels

/// What is to be done today, from the read models; names are added by whoever shows it.
public struct DayBoard: Sendable {
    public struct Visit: Sendable {
        public let household: String
        public let dueOn: String
        public let isOverdue: Bool
        /// Code of VISIT_PURPOSE, of the last visit.
        public let purpose: String?
        public let lastVisitOn: String?
        public let record: RecordKey?
    }

    public struct Case: Sendable {
        public let id: String
        public let person: String?
        public let kind: String?
        public let status: String
        public let severity: String?
        public let isDangerous: Bool
        public let openedOn: String?
        public let ageDays: Int
        public let isOverdue: Bool
        public let dueAt: String?
        /// Task of an assignment to a village, code of TASK, with its last day.
        public let task: String?
        public let assignedVillage: String?
        public let taskDueOn: String?
        public let openReferrals: Int
        public let region: String?
    }

    public struct Risk: Sendable {
        public let person: String
        public let band: String
        public let score: Int
        public let screenedOn: String?
        public let departureOn: String?
        public let openCase: String?
        public let region: String?
        public let record: RecordKey?
    }

    public struct Warning: Sendable {
        public let title: String
        public let text: String
        public let isUrgent: Bool
        public let validFrom: String
        public let record: RecordKey?
    }

    public let visits: [Visit]
    public let cases: [Case]
    /// Persons screened high or critical who have not left and whose case was not closed since, the highest first.
    public let risks: [Risk]
    public let warnings: [Warning]
}

extension Desk {
    /// How far ahead a village looks for visits.
    private static let daysAhead = 14

    /// - Throws: `ReadModelError` when the models are not there yet or cannot be read.
    public func board(for reader: Reader) throws -> DayBoard {
        let today = localDay
        return DayBoard(
            visits: try visits(today, reader), cases: try caseRows(today, reader), risks: try risks(today, reader),
            warnings: try warnings(today, reader))
    }

    /// Today at this place.
    public var localDay: LocalDay {
        LocalDay(milliseconds: moment.milliseconds, offsetMinutes: moment.offsetMinutes)
    }

    private func visits(_ today: LocalDay, _ reader: Reader) throws -> [DayBoard.Visit] {
        let until = ModelValue.text(today.adding(days: Self.daysAhead).description)
        let rows = try ModelRows(
            "visits_due", of: node, filters: [Filter("next_visit_on", .lessOrEqual, until)],
            sort: [SortKey("next_visit_on")], limit: 50, reader: reader, today: today)
        return rows.rows.compactMap { row in
            guard let household = row.text("household"), let due = row.text("next_visit_on") else { return nil }
            return DayBoard.Visit(
                household: household, dueOn: due, isOverdue: row.flag("overdue"), purpose: row.text("purpose"),
                lastVisitOn: row.text("last_visit_on"), record: row.record)
        }
    }

    /// Cases that are not closed: danger first, then the late ones, then the oldest.
    public func caseRows(_ today: LocalDay, _ reader: Reader) throws -> [DayBoard.Case] {
        let sort = [
            SortKey("immediate_danger", descending: true), SortKey("overdue", descending: true),
            SortKey("age_days", descending: true),
        ]
        return try ModelRows(
            "case_board", of: node, filters: [Filter("is_open", .equal, 1)], sort: sort, reader: reader,
            today: today
        ).rows.compactMap { row in
            guard let id = row.text("case_id") else { return nil }
            return DayBoard.Case(
                id: id, person: row.text("person"), kind: row.text("kind"), status: row.text("status") ?? "",
                severity: row.text("severity"), isDangerous: row.flag("immediate_danger"),
                openedOn: row.text("opened_on"), ageDays: Int(row.number("age_days") ?? 0),
                isOverdue: row.flag("overdue"), dueAt: row.text("sla_due_at"), task: row.text("assigned_task"),
                assignedVillage: row.text("assigned_village"), taskDueOn: row.text("assigned_due_on"),
                openReferrals: Int(row.number("referrals_open") ?? 0), region: row.text("region"))
        }
    }

    private func risks(_ today: LocalDay, _ reader: Reader) throws -> [DayBoard.Risk] {
        let filters = [
            Filter("band_rank", .greaterOrEqual, 3), Filter("left_on", .equal, nil),
        ]
        let sort = [SortKey("band_rank", descending: true), SortKey("screened_on", descending: true)]
        let settled = try settledOn(today)
        return try ModelRows(
            "village_risk_board", of: node, filters: filters, sort: sort, limit: 50, reader: reader, today: today
        )
        .rows.compactMap { row in
            guard let person = row.text("person"), let band = row.text("band") else { return nil }
            if let settled = settled[person], settled >= row.text("screened_on") ?? "" { return nil }
            return DayBoard.Risk(
                person: person, band: band, score: Int(row.number("score") ?? 0),
                screenedOn: row.text("screened_on"), departureOn: row.text("departure_on"),
                openCase: row.text("open_case"), region: row.text("region"), record: row.record)
        }
    }

    /// Persons whose case was closed, with the last day on which one was. Nothing of it is shown: it only takes persons
    /// off a list.
    private func settledOn(_ today: LocalDay) throws -> [String: String] {
        try ModelRows(
            "case_board", of: node, filters: [Filter("is_open", .equal, 0)], sort: [], reader: .holder, today: today
        )
        .rows.reduce(into: [:]) { days, row in
            guard let person = row.text("person"), let day = row.text("closed_on") else { return }
            days[person] = max(days[person] ?? "", String(day.prefix(10)))
        }
    }

    private func warnings(_ today: LocalDay, _ reader: Reader) throws -> [DayBoard.Warning] {
        let rows = try ModelRows(
            "warnings", of: node, filters: [Filter("valid_from", .lessOrEqual, .text(today.description))],
            sort: [SortKey("urgent", descending: true), SortKey("valid_from", descending: true)], limit: 20,
            reader: reader, today: today)
        return rows.rows.compactMap { row in
            // An open end sorts before every date and is not past.
            if let end = row.text("valid_to"), end < today.description { return nil }
            guard let title = row.text("title"), let from = row.text("valid_from") else { return nil }
            return DayBoard.Warning(
                title: title, text: row.text("body") ?? "", isUrgent: row.flag("urgent"), validFrom: from,
                record: row.record)
        }
    }
}
