import Event
import ReadModels
import Store

/// Whether somebody may take the data of so many.
public enum ExportVerdict: Sendable, Hashable {
    case allowed
    /// More than one person may decide alone.
    case needsApproval(subjects: Int, limit: Int)
}

extension Node {
    /// Persons, or whose cases, that one account may take as files or through programs in a day by themselves.
    public static let exportLimit = 100

    /// Roles that may let somebody else take more.
    private static let approvers: Set<String> = ["hub_head", "dpo"]

    /// Writes down that somebody reads, before they do. Durable when this returns.
    public func recordReading(_ reading: Reading) throws {
        guard !reading.subjects.isEmpty else { return }
        try audit.note(reading, day: localDay(now()))
    }

    /// Judges a reading as a file and writes it down where it is allowed, one after the other: of two at once each
    /// would be judged without the other.
    public func takeExport(_ reading: Reading, model: String) throws -> ExportVerdict {
        try audit.inTurn {
            let judged = try verdict(on: reading, model: model)
            if judged == .allowed { try recordReading(reading) }
            return judged
        }
    }

    /// Whether a reading as a file stays within what one may take, or a second person allowed more.
    private func verdict(on reading: Reading, model: String) throws -> ExportVerdict {
        guard !reading.subjects.isEmpty else { return .allowed }
        let day = localDay(now())
        let total = try audit.exportCount(reading, day: day) { try exported(by: reading.actor, on: day) }
        guard total > Self.exportLimit else { return .allowed }
        let approved = try rows(
            "export_approvals",
            [
                Filter("reader", .equal, .text(reading.actor)), Filter("data_model", .equal, .text(model)),
                Filter("node", .equal, .text(own.node.description)),
                Filter("valid_until", .greaterOrEqual, .text(day)),
                Filter("persons_at_most", .greaterOrEqual, .integer(Int64(total))),
                // Nobody is their own second person.
                Filter("approved_by", .notEqual, .text(reading.actor)),
                Filter("approver_role", .equal, Self.approvers.sorted().map { .text($0) }),
            ])
        return approved.isEmpty ? .needsApproval(subjects: total, limit: Self.exportLimit) : .allowed
    }

    private func exported(by actor: String, on day: String) throws -> Set<String> {
        let found = try rows(
            "readings",
            [
                Filter("reader", .equal, .text(actor)), Filter("read_on", .equal, .text(day)),
                Filter("exported", .equal, 1),
            ])
        return Set(found.compactMap { $0[1].text })
    }

    private func rows(_ model: String, _ filters: [Filter]) throws -> [[ModelValue]] {
        do {
            return try modelReader.query(
                ModelQuery(
                    model, filters: filters, limit: 100_000, scope: .nation, reader: .holder,
                    today: LocalDay(milliseconds: 0, offsetMinutes: 0))
            ).rows
        } catch ReadModelError.unknownModel {
            return []
        }
    }

    /// Every reading of a person that is known here, or of their cases, the latest first.
    public func readings(of person: String) throws -> Answer {
        let cases = try rows("case_state", [Filter("person", .equal, .text(person))]).compactMap { $0[0].text }
        return try modelReader.query(
            ModelQuery(
                "readings", filters: [Filter("whom", .equal, ([person] + cases).map { .text($0) })],
                sort: [SortKey("read_on", descending: true), SortKey("log"), SortKey("seq", descending: true)],
                limit: 100_000, scope: own.region, reader: .holder, today: LocalDay(milliseconds: 0, offsetMinutes: 0)))
    }
}
