import Catalogue

/// One column of a model, as its file declares it.
public struct ModelColumn: Hashable, Sendable {
    public var name: String
    public var type: ColumnType
    public var label: LocalizedText

    public init(name: String, type: ColumnType, label: LocalizedText) {
        self.name = name
        self.type = type
        self.label = label
    }
}

/// What a column holds, for readers, for the interface's description, and to write values rightly.
public enum ColumnType: Hashable, Sendable {
    case text
    case integer
    /// 0 or 1.
    case flag
    /// Whole rupiah.
    case money
    /// Hundredths of a percent, 0 to 10,000.
    case basisPoints
    /// `2026-08-14`; may be shortened to month or year where no more is known.
    case date
    /// `2026-08`.
    case month
    /// `2026Q3`.
    case quarter
    /// A moment in UTC: `2026-08-14T03:00:00.000Z`.
    case moment
    case region
    /// The UUID of an entity: `person`, `household`, `case`, …
    case identifier(String)
    /// A code of a code list.
    case code(String)
    /// `LOG#SEQUENCE`.
    case line

    /// Whether cells are integers; else they are texts.
    public var isInteger: Bool {
        switch self {
        case .integer, .flag, .money, .basisPoints: true
        default: false
        }
    }
}

extension ColumnType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .text: "text"
        case .integer: "integer"
        case .flag: "flag"
        case .money: "money"
        case .basisPoints: "basis-points"
        case .date: "date"
        case .month: "month"
        case .quarter: "quarter"
        case .moment: "moment"
        case .region: "region"
        case .identifier(let entity): "id:\(entity)"
        case .code(let list): "code:\(list)"
        case .line: "line"
        }
    }

    /// Reads the form that `description` writes; nil for others.
    public init?(_ text: String) {
        let plain: [ColumnType] = [
            .text, .integer, .flag, .money, .basisPoints, .date, .month, .quarter, .moment, .region, .line,
        ]
        if let type = plain.first(where: { $0.description == text }) {
            self = type
        } else if text.hasPrefix("id:"), text.utf8.count > 3 {
            self = .identifier(String(text.dropFirst(3)))
        } else if text.hasPrefix("code:"), text.utf8.count > 5 {
            self = .code(String(text.dropFirst(5)))
        } else {
            return nil
        }
    }
}
