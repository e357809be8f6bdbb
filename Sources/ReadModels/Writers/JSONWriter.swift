import Catalogue
import Event

/// Writes an answer as JSON, members always in the same order.
struct JSONWriter {
    let answer: Answer
    let language: Language

    /// One object with everything.
    var document: [UInt8] {
        var members = [
            JSONMember("model", .string(answer.model)), JSONMember("version", .int(Int64(answer.modelVersion))),
            JSONMember("title", .string(answer.title[language])), JSONMember("cut", .int(answer.cut)),
        ]
        if let day = answer.trueAt { members.append(JSONMember("true_at", .string(day.description))) }
        if let edition = answer.edition {
            members += [
                JSONMember("edition", .string(edition.day.description)),
                JSONMember("unassigned", .array(edition.unassigned.map { .string($0) })),
            ]
        }
        members += [
            JSONMember("scope", .string(answer.scope.description)),
            JSONMember("today", .string(answer.today.description)),
            JSONMember("completeness", answer.completeness.map { $0.json(language) } ?? .null),
            JSONMember("columns", .array(answer.columns.map(column))),
            JSONMember("rows", .array(answer.rows.map(row))),
            JSONMember("next_page", answer.nextPage.map { .string($0) } ?? .null),
        ]
        return JSON.object(members).encoded() + [UInt8(ascii: "\n")]
    }

    /// One object a line.
    var rows: [UInt8] {
        answer.rows.flatMap { row($0).encoded() + [UInt8(ascii: "\n")] }
    }

    private func column(_ column: ModelColumn) -> JSON {
        .object([
            JSONMember("name", .string(column.name)), JSONMember("type", .string(column.type.description)),
            JSONMember("label", .string(column.label[language])),
        ])
    }

    private func row(_ row: [ModelValue]) -> JSON {
        .object(
            zip(answer.columns, row).map { column, value in
                JSONMember(column.name, column.type == .flag ? flag(value) : value.json)
            })
    }

    private func flag(_ value: ModelValue) -> JSON { value.integer.map { .bool($0 != 0) } ?? .null }
}

extension ModelValue {
    /// The value as JSON writes it.
    public var json: JSON {
        switch self {
        case .null: .null
        case .integer(let number): .int(number)
        case .text(let text): .string(text)
        }
    }
}

extension Completeness {
    /// The object under `completeness`; the rule in a language.
    public func json(_ language: Language) -> JSON {
        .object([
            JSONMember("region", .string(region.description)),
            JSONMember("period", period.map { .string($0.description) } ?? .null),
            JSONMember("threshold", .string(threshold.description)),
            JSONMember("enrolled", .int(Int64(enrolled))), JSONMember("reporting", .int(Int64(reporting))),
            JSONMember("state", .string(state.rawValue)), JSONMember("rule", .string(rule[language])),
            JSONMember(
                "silent",
                .array(
                    silent.map { node in
                        .object([
                            JSONMember("node", .string(node.node)),
                            JSONMember("region", .string(node.region.description)),
                            JSONMember("last_contact", node.lastContact.map { .string($0.description) } ?? .null),
                        ])
                    })),
        ])
    }
}
