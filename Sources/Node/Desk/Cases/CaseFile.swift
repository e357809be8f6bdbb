import Event

/// A case as its records tell it: what it is, where it stands, what is waited for.
public struct CaseFile: Sendable {
    /// Where a case stands. Raw values name texts of the pages.
    public enum State: String, Sendable, CaseIterable {
        case waiting, triaged, assigned, referred, answered, assisted, closed
    }

    public let id: String
    public let opening: Record
    /// Standing records about the case, the opening first.
    public let records: [Record]

    public var person: String? { opening.data["person_id"]?.stringValue }
    /// Code of CASE_KIND.
    public var kind: String? { opening.data["kind"]?.stringValue }
    public var stage: String? { opening.data["stage"]?.stringValue }
    public var region: RegionCode { opening.line.region }
    public var openedOn: String { opening.occurredAt.description }
    public var isDangerous: Bool { opening.data["immediate_danger"]?.boolValue ?? false }
    /// Code of SEVERITY, from the newest triage.
    public var severity: String? { last("case.triaged")?.data["severity"]?.stringValue }
    /// When an answer is due, RFC 3339.
    public var dueAt: String? { last("case.triaged")?.data["sla_due_at"]?.stringValue }
    public var assignment: Record? { last("case.assigned") }
    public var isClosed: Bool { state == .closed }

    /// Referrals that nobody has answered.
    public var openReferrals: [Record] {
        let answered = Set(records.compactMap { $0.data["referral_ref"]?.stringValue.flatMap(RecordKey.init) })
        return records.filter { $0.line.type == "case.referred" && !answered.contains($0.key) }
    }

    /// The answer to a referral, if there is one.
    public func answer(to referral: Record) -> Record? {
        records.last { $0.data["referral_ref"]?.stringValue.flatMap(RecordKey.init) == referral.key }
    }

    public var state: State {
        for record in records.reversed() {
            switch record.line.type {
            case "case.closed": return .closed
            case "case.reopened": return severity == nil ? .waiting : .triaged
            case "case.assistance_given": return .assisted
            case "case.referral_answered": return .answered
            case "case.referred": return .referred
            case "case.assigned": return .assigned
            case "case.triaged": return .triaged
            default: continue
            }
        }
        return .waiting
    }

    /// The moment of the newest record, RFC 3339 or a date.
    public var lastMoved: String { (records.last ?? opening).occurredAt.description }

    private func last(_ type: String) -> Record? { records.last { $0.line.type == type } }
}
