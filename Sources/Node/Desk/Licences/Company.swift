import Event

/// A placement company and what the centre said of its licence, over time.
public struct Company: Sendable {
    /// What holds for a company on a day.
    public enum Standing: Sendable, Hashable {
        /// Licensed; `until` is the last day, when there is one.
        case licensed(until: String?)
        /// The licence ran out on that day.
        case ranOut(on: String)
        /// Code of P3MI_STATUS other than valid: suspended, revoked, surrendered.
        case notValid(status: String, since: String)
        /// The first licence begins later.
        case notYet(from: String)
    }

    public let id: String
    public let name: String
    /// All names it is or was known by.
    public let names: [String]
    /// Number of the licence (SIP3MI), of the newest entry.
    public let number: String?
    /// Countries it may place in, codes of COUNTRY.
    public let countries: [String]
    private let records: [Record]

    /// - Parameter records: at least one, all of this company.
    init(id: String, records: [Record]) {
        self.id = id
        self.records = records.sorted {
            ($0.data["valid_from"]?.stringValue ?? "", $0.line.hybridTime)
                < ($1.data["valid_from"]?.stringValue ?? "", $1.line.hybridTime)
        }
        let newest = self.records.last?.data
        name = newest?["name"]?.stringValue ?? id
        names = Set(
            records.flatMap { record in
                [record.data["name"]?.stringValue].compactMap(\.self)
                    + (record.data["aliases"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
            }
        ).sorted()
        number = newest?["sip3mi_no"]?.stringValue
        countries = (newest?["countries"]?.arrayValue ?? []).compactMap(\.stringValue)
    }

    /// What held on `day`, `2026-08-14`.
    public func standing(on day: String) -> Standing {
        let valid = records.filter { ($0.data["valid_from"]?.stringValue ?? "") <= day }
        guard let record = valid.last else {
            return .notYet(from: records.first?.data["valid_from"]?.stringValue ?? "")
        }
        let status = record.data["status"]?.stringValue ?? ""
        let until = record.data["valid_to"]?.stringValue
        if status != "valid" {
            return .notValid(status: status, since: record.data["valid_from"]?.stringValue ?? "")
        }
        if let until, until < day { return .ranOut(on: until) }
        return .licensed(until: until)
    }
}
