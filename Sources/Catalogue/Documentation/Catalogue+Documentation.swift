import Event

extension Catalogue {
    /// The reference of all event types as Markdown, from the files alone: a type installed from a file is
    /// documented like every other.
    public func documentation(in language: Language) -> String {
        let types = types.values.sorted { $0.name < $1.name }
        return types.map { $0.documentation(in: language) }.joined(separator: "\n")
    }
}

extension EventType {
    /// One section: what it says, where it is written and by whom, and its fields.
    public func documentation(in language: Language) -> String {
        var lines = ["## `\(name)` \(label[language])", ""]
        if let about { lines += [about[language], ""] }
        lines += ["\(schemaName) · \(facts.joined(separator: " · "))", ""]
        lines += ["| field | kind | required | class | label |"]
        lines += ["|---|---|---|---|---|"]
        lines += fields.flatMap { $0.rows(in: language, prefix: "") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var facts: [String] {
        let region = audience.field.map { "\(audience.level.rawValue) (`\($0)`)" } ?? audience.level.rawValue
        let lanes = ([lane.usual] + lane.exceptions.map { "\($0.lane) when \($0.when.sentence)" }).joined(
            separator: ", ")
        let subjectText = subject.field.map { "\(subject.kind) (`\($0)`)" } ?? subject.kind
        return [
            "subject \(subjectText)\(subject.isNew ? ", may be new" : "")", "audience \(region)", "lane \(lanes)",
            "recorded at \(nodes.map(\.rawValue).sorted().joined(separator: ", "))",
            occurredField.map { "happened `\($0)`" }, offline ? "offline" : "online",
        ].compactMap { $0 }
    }
}

extension Field {
    fileprivate func rows(in language: Language, prefix: String) -> [String] {
        let path = prefix + name
        let row = "| `\(path)` | \(kind.sentence) | \(requirement) | \(sensitivity.rawValue) | \(label[language]) |"
        return [row] + kind.members.flatMap { $0.rows(in: language, prefix: "\(path).") }
    }

    private var requirement: String {
        if filledBy != nil { return "filled in" }
        if required { return "yes" }
        return requiredWhen.map { "when \($0.sentence)" }.joined(separator: ", or ")
    }
}

extension Condition {
    fileprivate var sentence: String {
        terms.map { "`\($0.field)` is \($0.values.joined(separator: " or "))" }.joined(separator: " and ")
    }
}

extension FieldKind {
    fileprivate var members: [Field] {
        switch self {
        case .object(let fields), .objects(let fields, _): fields
        default: []
        }
    }

    fileprivate var sentence: String {
        switch self {
        case .text(let length, _): "text, \(length)"
        case .integer(let min, let max): "integer\(range(min.map { "\($0)" }, max.map { "\($0)" }))"
        case .money(let min, let max): "rupiah\(range(min.map { "\($0)" }, max.map { "\($0)" }))"
        case .decimal(let scale, let min, let max): "decimal, \(scale) digits\(range(min, max))"
        case .boolean: "boolean"
        case .date(let truncatable): truncatable ? "date, may be truncated" : "date"
        case .month: "month"
        case .dateTime: "date and time"
        case .code(let list): "code of \(list)"
        case .codes(let list): "codes of \(list)"
        case .identifier(let entity): "identifier\(entity.map { " (\($0))" } ?? "")"
        case .identifiers(let entity): "identifiers\(entity.map { " (\($0))" } ?? "")"
        case .region(let level): "region\(level.map { ", \($0)" } ?? "")"
        case .reference: "reference to a record"
        case .object: "object"
        case .objects(_, let limit): "list, at most \(limit)"
        case .anyObject: "any object"
        case .anyValue: "any value"
        }
    }

    private func range(_ min: String?, _ max: String?) -> String {
        switch (min, max) {
        case (let min?, let max?): ", \(min) to \(max)"
        case (let min?, nil): ", from \(min)"
        case (nil, let max?): ", up to \(max)"
        case (nil, nil): ""
        }
    }
}
