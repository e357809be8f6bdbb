import Catalogue
import Event
import Foundation
import HTTPTypes
import Node
import ReadModels

/// A question to a read model: a form, a table, its completeness, and the same as a file.
struct QueryPages: Sendable {
    private struct QueryPage {
        struct Row {
            let cells: [Cell]
        }
        struct Cell {
            let cellText: String
            let isNumber: Bool
        }
        struct Heading {
            let headingLabel: String
            let isNumber: Bool
        }

        let about: String
        let filters: String
        let sort: String
        let cut: String
        let trueAt: String
        let columnNames: String
        let message: String?
        let headings: [Heading]
        let rows: [Row]
        let hasRows: Bool
        let hasAnswer: Bool
        let rowsText: String
        let completeness: CompletenessView?
        let provenance: String
        let csvHref: String
        let nextHref: String?
        let action: String
    }

    /// Rows of a page on the screen; a file has all.
    private static let pageRows = 200
    private static let fileRows = 100_000

    let site: Site

    func ask(_ request: PageRequest) throws -> PageResponse {
        let info = try info(request)
        do {
            return try page(request, info, try answer(request, info, limit: Self.pageRows), message: nil)
        } catch let error as ReadModelError {
            var response = try page(request, info, nil, message: "\(error)")
            response.status = .unprocessableContent
            return response
        }
    }

    func csv(_ request: PageRequest) throws -> PageResponse {
        let info = try info(request)
        let answer = try answer(request, info, limit: Self.fileRows)
        let bytes = answer.written(as: .csv, language: request.language)
        var response = PageResponse(
            status: .ok, contentType: AnswerFormat.csv.contentType, body: String(decoding: bytes, as: UTF8.self))
        response.headers[.contentDisposition] = "attachment; filename=\"\(info.name)-cut\(answer.cut).csv\""
        response.headers[.cacheControl] = "no-store"
        response.headers[.xContentTypeOptions] = "nosniff"
        return response
    }

    private func info(_ request: PageRequest) throws -> ModelInfo {
        let name = try request.parameter("model")
        guard let info = try site.node.modelReader.models().first(where: { $0.name == name }) else {
            throw PageError.notFound
        }
        return info
    }

    private func answer(_ request: PageRequest, _ info: ModelInfo, limit: Int) throws -> Answer {
        let query = request.query
        let filters = try (query["filter"] ?? "").split(whereSeparator: { $0 == ";" || $0 == "\n" })
            .map { try Filter(parsing: String($0).trimmingCharacters(in: .whitespaces)) }
        let sort = (query["sort"] ?? "").split(separator: ",").map {
            SortKey(parsing: String($0).trimmingCharacters(in: .whitespaces))
        }
        let asOf = AsOf(cut: query["cut"].flatMap { Int64($0) }, trueAt: query["true_at"].flatMap { LocalDay($0) })
        return try site.node.modelReader.query(
            ModelQuery(
                info.name, filters: filters, sort: sort, limit: limit, cursor: query["next"], asOf: asOf,
                scope: try request.account().regionCode(), today: site.desk.localDay))
    }

    private func page(
        _ request: PageRequest, _ info: ModelInfo, _ answer: Answer?, message: String?
    ) throws -> PageResponse {
        let words = Wording(site, request)
        let query = request.query
        let rows = (answer?.rows ?? []).map { row in
            QueryPage.Row(
                cells: zip(info.columns, row).map { column, value in
                    .init(cellText: cell(value, column, words), isNumber: column.type.isInteger && column.type != .flag)
                })
        }
        let provenance = answer.map { answer in
            words("query.provenance", ["model": "\(info.name)/\(info.version)", "cut": String(answer.cut)])
        }
        let page = QueryPage(
            about: info.about, filters: query["filter"] ?? "", sort: query["sort"] ?? "", cut: query["cut"] ?? "",
            trueAt: query["true_at"] ?? "", columnNames: info.columns.map(\.name).joined(separator: ", "),
            message: message,
            headings: info.columns.map {
                .init(headingLabel: $0.label[request.language], isNumber: $0.type.isInteger && $0.type != .flag)
            }, rows: rows, hasRows: !rows.isEmpty, hasAnswer: answer != nil,
            rowsText: words(answer?.nextPage == nil ? "query.rows" : "query.rowsMore", ["n": String(rows.count)]),
            completeness: answer?.completeness.map { CompletenessView($0, words) }, provenance: provenance ?? "",
            csvHref: "/tanya/\(info.name)/csv?\(address(query, without: ["next"]))",
            nextHref: answer?.nextPage.map { "/tanya/\(info.name)?\(address(query, without: ["next"]))&next=\($0)" },
            action: "/tanya/\(info.name)")
        return try site.page("query", for: request, title: "", plainTitle: info.title[request.language], page)
    }

    private func address(_ query: FormBody, without names: Set<String>) -> String {
        let allowed = CharacterSet.alphanumerics.union(.init(charactersIn: "-._~"))
        return query.pairs.filter { !names.contains($0.name) && !$0.value.isEmpty }.map {
            "\($0.name)=\($0.value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
        }.joined(separator: "&")
    }

    private func cell(_ value: ModelValue, _ column: ModelColumn, _ words: Wording) -> String {
        switch (column.type, value) {
        case (_, .null): ""
        case (.flag, .integer(let flag)): words(flag == 1 ? "form.yes" : "form.no")
        case (.money, .integer(let amount)): "Rp" + words.grouped(amount)
        case (.basisPoints, .integer(let points)): percent(points, words)
        case (.code(let list), .text(let code)): words.code(list, code) ?? code
        case (.identifier, .text(let id)): String(id.prefix(8))
        case (.integer, .integer(let number)): words.grouped(number)
        default: value.description
        }
    }

    private func percent(_ points: Int64, _ words: Wording) -> String {
        let fraction = points % 100 < 10 ? "0\(points % 100)" : String(points % 100)
        return "\(points / 100)\(words.language == .indonesian ? "," : ".")\(fraction) %"
    }
}
