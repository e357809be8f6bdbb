import ReadModels

/// What a role may ask for.
enum QueryAccess: Sendable, Equatable {
    /// Every model, row by row.
    case rows
    /// Counts and sums only: nothing that stands for one person, household or case.
    case aggregates
    case nothing

    /// By code of the list ROLE. Whoever works in a village uses its own pages instead.
    init(role: String) {
        switch role {
        case "analyst", "central_officer", "hub_officer", "hub_head", "caseworker", "satgas_officer", "dpo", "operator":
            self = .rows
        case "partner_viewer": self = .aggregates
        default: self = .nothing
        }
    }

    func allows(_ model: ModelInfo) -> Bool {
        switch self {
        case .rows: true
        case .aggregates: model.kind != .fold && !model.columns.contains(where: \.type.isIdentifier)
        case .nothing: false
        }
    }
}

extension ColumnType {
    fileprivate var isIdentifier: Bool { if case .identifier = self { true } else { false } }
}
