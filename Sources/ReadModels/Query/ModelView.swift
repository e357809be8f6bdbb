import Catalogue
import Event

/// A model as a reader sees it: the columns left, and the rows. The one place where access bounds an answer; whatever
/// is asked, listed, exported or explained comes through it.
struct ModelView {
    let model: ModelFile
    let columns: [ModelColumn]
    /// Models beside this one that the conditions look at.
    let looksAt: [String]
    let condition: SQLCondition?

    /// - Throws: `.notAllowed` where the reader sees nothing of the model's topic or of the region asked for.
    init(_ model: ModelFile, for reader: Reader, scope: RegionCode, registry: ModelRegistry) throws(ReadModelError) {
        guard scope.isAtOrBelow(reader.region) else {
            throw .outOfScope(region: scope.description, own: reader.region.description)
        }
        guard let grant = reader.grant(model.topic) else {
            throw .notAllowed(model: model.name, role: reader.role ?? "")
        }
        self.model = model
        // What names a row stays: without it no page, sort or explanation would find it.
        columns = model.columns.filter { !grant.hidden.contains($0.name) || model.identity.contains($0.name) }
        var conditions: [SQLCondition] = []
        var looksAt: [String] = []
        if let region = ScopeCondition.condition(model.scope, region: scope) { conditions.append(region) }
        let rules = RuleCompiler(model: model, through: reader.through(model.topic), registry: registry)
        if !grant.only.isEmpty {
            var any: [SQLCondition] = []
            for rule in grant.only { any.append(try rules.condition(rule, looksAt: &looksAt)) }
            conditions.append(.any(any))
        }
        for rule in grant.never { conditions.append(.not(try rules.condition(rule, looksAt: &looksAt))) }
        condition = conditions.isEmpty ? nil : .all(conditions)
        self.looksAt = looksAt
    }

    func column(_ name: String) throws(ReadModelError) -> ModelColumn {
        guard let column = columns.first(where: { $0.name == name }) else {
            throw .unknownColumn(model: model.name, column: name, known: columns.map(\.name))
        }
        return column
    }

    /// The model's description without what the reader does not see.
    var info: ModelInfo {
        var info = model.info
        info.columns = columns
        return info
    }
}

/// Turns the policy's rules into conditions over a model's columns.
private struct RuleCompiler {
    let model: ModelFile
    let through: AccessPolicy.Through?
    let registry: ModelRegistry

    func condition(_ rule: AccessPolicy.Rule, looksAt: inout [String]) throws(ReadModelError) -> SQLCondition {
        if let column = model.columns.first(where: { $0.name == rule.column }) { return Self.holds(rule, column) }
        guard let through, model.columns.contains(where: { $0.name == through.column }),
            let other = registry.find(through.model), other.kind != .view,
            let column = other.columns.first(where: { $0.name == rule.column })
        else {
            // A rule that cannot be judged lets nothing through.
            throw .notAllowed(model: model.name, role: "with rows limited by \(rule.column)")
        }
        looksAt.append(other.name)
        let inner = Self.holds(rule, column)
        return SQLCondition(
            text: "\(through.column) IN (SELECT \(through.column) FROM \(other.name) WHERE \(inner.text))",
            values: inner.values)
    }

    /// Never null: what is empty holds no rule.
    private static func holds(_ rule: AccessPolicy.Rule, _ column: ModelColumn) -> SQLCondition {
        var parts: [String] = []
        var values: [ModelValue] = []
        if !rule.values.isEmpty {
            parts.append("\(column.name) IN (\(rule.values.map { _ in "?" }.joined(separator: ", ")))")
            values += rule.values.map { column.type.isInteger ? .integer(Int64($0) ?? .min) : .text($0) }
        }
        for prefix in rule.prefixes {
            parts.append("substr(\(column.name), 1, length(?)) = ?")
            values += [.text(prefix), .text(prefix)]
        }
        return SQLCondition(
            text: "(\(column.name) IS NOT NULL AND (\(parts.joined(separator: " OR "))))", values: values)
    }
}

extension SQLCondition {
    static func any(_ parts: [SQLCondition]) -> SQLCondition {
        SQLCondition(
            text: "(" + parts.map { "(\($0.text))" }.joined(separator: " OR ") + ")", values: parts.flatMap(\.values))
    }

    static func not(_ part: SQLCondition) -> SQLCondition {
        SQLCondition(text: "NOT (\(part.text))", values: part.values)
    }
}

extension ModelReader {
    /// The models that a reader may ask, each with the columns that they see.
    public func models(for reader: Reader) throws -> [ModelInfo] {
        let all = try models()
        return try read { context in
            all.compactMap { info in
                guard let model = context.registry.find(info.name),
                    let view = try? ModelView(model, for: reader, scope: reader.region, registry: context.registry)
                else { return nil }
                var visible = view.info
                visible.failure = info.failure
                return visible
            }
        }
    }
}
