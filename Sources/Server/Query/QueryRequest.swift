import Catalogue
import Event
import Foundation
import HTTPTypes
import ReadModels

/// A request to `GET /q/v1/models/{model}`, read and checked against the model's columns.
struct QueryRequest: Sendable {
    /// Parameters that are no filters. A column of such a name is filtered with its operator: `limit.eq=3`.
    enum Reserved: String, CaseIterable {
        case sort, limit, cursor, scope, format, language, key
        case asOfCut = "as_of_cut"
        case trueAt = "true_at"
    }

    static let maximumLimit = 100_000

    var query: ModelQuery
    var format: AnswerFormat
    var language: Language

    /// - Parameters:
    ///   - reader: whose region bounds what is answered.
    ///   - access: what is theirs to see.
    ///   - today: the day that counts as today at this node.
    /// - Throws: a problem naming what is allowed instead.
    init(
        _ parameters: QueryParameters, model: ModelInfo, reader: QueryReader, access: Reader, headers: QueryHeaders,
        today: LocalDay
    ) throws(ProblemResponse) {
        format = try Self.format(parameters, headers)
        language = try Self.language(parameters, headers)
        query = ModelQuery(
            model.name, asOf: try Self.asOf(parameters), scope: try Self.scope(parameters, reader), reader: access,
            today: today)
        var bounds: Set<String> = []
        for parameter in parameters.list where Reserved(rawValue: parameter.name) == nil {
            if Self.isBound(parameter.name), !bounds.insert(parameter.name).inserted {
                throw .badQuery("“\(parameter.name)” takes one value")
            }
            query.filters.append(try Self.filter(parameter, model))
        }
        for parameter in parameters.list where parameter.name == Reserved.sort.rawValue {
            for value in parameter.values { query.sort.append(try Self.sortKey(value, model)) }
        }
        if let text = try parameters.single(Reserved.limit.rawValue) {
            guard let limit = Int(text), (1...Self.maximumLimit).contains(limit) else {
                throw .badQuery("“limit” is a number of rows from 1 to \(Self.maximumLimit), not “\(text)”")
            }
            query.limit = limit
        }
        query.cursor = try parameters.single(Reserved.cursor.rawValue)
    }

    static func asOf(_ parameters: QueryParameters) throws(ProblemResponse) -> AsOf {
        var asOf = AsOf.now
        if let text = try parameters.single(Reserved.asOfCut.rawValue) {
            guard let cut = Int64(text), cut >= 0 else {
                throw .badQuery("“as_of_cut” is a cut: a whole number, as answers name it; not “\(text)”")
            }
            asOf.cut = cut
        }
        if let text = try parameters.single(Reserved.trueAt.rawValue) {
            guard let day = LocalDay(text) else {
                throw .badQuery("“true_at” is a day such as 2026-08-14; not “\(text)”")
            }
            asOf.trueAt = day
        }
        return asOf
    }

    /// The reader's region, or a part of it.
    static func scope(_ parameters: QueryParameters, _ reader: QueryReader) throws(ProblemResponse) -> RegionCode {
        guard let text = try parameters.single(Reserved.scope.rawValue) else { return reader.region }
        guard let region = try? RegionCode(text) else {
            throw .badQuery("“scope” is a region code such as 36.04.13; not “\(text)”")
        }
        guard region.isAtOrBelow(reader.region) else {
            throw .notAllowed("\(reader.name) may see \(reader.region) and all in it; \(region) is outside.")
        }
        return region
    }

    static func format(_ parameters: QueryParameters, _ headers: QueryHeaders) throws(ProblemResponse) -> AnswerFormat {
        guard let text = try parameters.single(Reserved.format.rawValue) else {
            guard let format = AnswerFormat.accepted(headers.accept) else {
                throw ProblemResponse(
                    status: .notAcceptable, code: "not-acceptable",
                    detail: "Answers come as application/json, application/x-ndjson, text/csv or text/plain.")
            }
            return format
        }
        guard let format = AnswerFormat(rawValue: text) else {
            throw .badQuery(
                "There is no format “\(text)”. The formats are: \(AnswerFormat.allCases.map(\.rawValue).joined(separator: ", "))."
            )
        }
        return format
    }

    static func language(_ parameters: QueryParameters, _ headers: QueryHeaders) throws(ProblemResponse) -> Language {
        guard let text = try parameters.single(Reserved.language.rawValue) else { return headers.language }
        guard let language = Language(rawValue: text) else {
            throw .badQuery("There is no language “\(text)”. The languages are: id, en.")
        }
        return language
    }

    /// Whether a parameter names one end of a range.
    private static func isBound(_ name: String) -> Bool {
        name.split(separator: ".").last.flatMap { QueryOperator(rawValue: String($0)) }?.takesSeveral == false
    }

    private static func filter(
        _ parameter: QueryParameters.Parameter, _ model: ModelInfo
    ) throws(ProblemResponse) -> Filter {
        let parts = parameter.name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        guard let column = model.columns.first(where: { $0.name == parts[0] }) else {
            let reserved = Reserved.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badQuery(
                "\(model.name) has no column “\(parts[0])”. Its columns are: "
                    + "\(model.columns.map(\.name).joined(separator: ", ")). Other parameters are: \(reserved).")
        }
        let allowed = QueryOperator.allowed(for: column.type)
        guard let comparison = parts.count == 1 ? .eq : QueryOperator(rawValue: parts[1]), allowed.contains(comparison)
        else {
            throw .badQuery(
                "“\(parameter.name)”: the operators for \(column.name) are: "
                    + "\(allowed.map { "\(column.name).\($0.rawValue)" }.joined(separator: ", ")).")
        }
        // What JSON has exactly: beyond it, clients would not agree on what was asked.
        if column.type.isInteger, !comparison.takesSeveral, let number = parameter.values.first.flatMap(Int64.init),
            number.magnitude > ModelColumn.exact
        {
            throw .badQuery("“\(parameter.name)” is compared with at most \(ModelColumn.exact) either way")
        }
        // Compared as texts: what is no time would quietly fit nothing, or everything.
        if comparison != .prefix,
            let pattern = comparison.takesSeveral ? column.type.pattern : column.type.boundPattern,
            let value = parameter.values.first(where: {
                !$0.isEmpty && $0.range(of: pattern, options: .regularExpression) == nil
            })
        {
            throw .badQuery(
                "“\(parameter.name)” is compared with a time such as \(column.type.example), not “\(value)”")
        }
        return Filter(column.name, comparison.comparison, parameter.values.map { $0.isEmpty ? .null : .text($0) })
    }

    private static func sortKey(_ text: String, _ model: ModelInfo) throws(ProblemResponse) -> SortKey {
        let key = SortKey(parsing: text)
        guard model.columns.contains(where: { $0.name == key.column }) else {
            throw .badQuery(
                "\(model.name) cannot be sorted by “\(key.column)”. Its columns are: "
                    + "\(model.columns.map(\.name).joined(separator: ", ")); write -COLUMN for the largest first.")
        }
        return key
    }
}
