import Catalogue

/// The policy as tables in Markdown: roles by topic, topics by model.
public struct AccessDocumentation {
    private let policy: AccessPolicy
    private let roles: CodeList?
    private let models: [ModelFile]

    public init(catalogue: Catalogue) throws {
        policy = catalogue.access
        roles = catalogue.codeLists["ROLE"]
        models = try catalogue.modelFiles.map { try ModelFile(contentsOf: $0) }.sorted { $0.name < $1.name }
    }

    public var markdown: String { [matrix, limits, conflict, topics].joined(separator: "\n") }

    private var matrix: String {
        var lines = [
            "| role | purpose | " + policy.topics.map(\.name).joined(separator: " | ") + " |",
            "|---|---|" + policy.topics.map { _ in "---|" }.joined(),
        ]
        for role in policy.roles {
            let cells = policy.topics.map { topic in
                role.grants[topic.name].map { $0 == .whole ? "yes" : "part" } ?? ""
            }
            let label = roles?[role.code]?.label.en ?? ""
            lines.append("| \(label) `\(role.code)` | \(role.purpose) | \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var limits: String {
        var lines = ["| part | of | is |", "|---|---|---|"]
        for role in policy.roles {
            for topic in policy.topics {
                guard let grant = role.grants[topic.name], grant != .whole else { continue }
                lines.append("| `\(role.code)` | \(topic.name) | \(Self.sentence(grant)) |")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var conflict: String {
        var lines = ["| taken from whoever has a stake | |", "|---|---|"]
        for topic in policy.topics {
            guard let limit = policy.conflict.limits[topic.name] else { continue }
            lines.append("| \(topic.name) | \(limit.map(Self.sentence) ?? "all of it") |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var topics: String {
        var lines = ["| topic | is | models | records about |", "|---|---|---|---|"]
        for topic in policy.topics {
            let names = models.filter { $0.topic == topic.name }.map { "`\($0.name)`" }.joined(separator: ", ")
            let about = (topic.subjects.sorted() + topic.events.sorted().map { "`\($0)`" }).joined(separator: ", ")
            lines.append("| \(topic.name) | \(topic.label.en)\(topic.isOpen ? " (open)" : "") | \(names) | \(about) |")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func sentence(_ grant: AccessPolicy.Grant) -> String {
        var parts: [String] = []
        if !grant.hidden.isEmpty {
            parts.append("without " + grant.hidden.sorted().map { "`\($0)`" }.joined(separator: ", "))
        }
        if !grant.only.isEmpty { parts.append("only rows with " + grant.only.map(text).joined(separator: " or ")) }
        if !grant.never.isEmpty { parts.append("no row with " + grant.never.map(text).joined(separator: " or ")) }
        return parts.joined(separator: "; ")
    }

    private static func text(_ rule: AccessPolicy.Rule) -> String {
        let values = rule.values + rule.prefixes.map { $0 + "…" }
        return "`\(rule.column)` \(values.count == 1 ? "" : "one of ")\(values.joined(separator: ", "))"
    }
}
