import Catalogue
import Event
import Foundation
import Node
import ReadModels

/// What the page of a question shows.
struct QueryPage {
    /// A question, its answer, and the cut that is the newest now.
    typealias Answered = (asked: PageQuery, answer: Answer, newest: Int64)

    struct Row {
        let cells: [Cell]
    }

    struct Cell {
        let cellText: String
        let isNumber: Bool
        /// Codes, dates and numbers stay on one line.
        let isShort: Bool
    }

    struct Heading {
        let headingLabel: String
        /// What filters and files call the column.
        let headingName: String
        let isNumber: Bool
    }

    let about: String
    let filters: String
    let sort: String
    let columns: String
    let cut: String
    let trueAt: String
    let example: String
    /// Whether one of the choices that are folded away was made.
    let isNarrowed: Bool
    let message: String?
    let headings: [Heading]
    let rows: [Row]
    let hasRows: Bool
    let hasAnswer: Bool
    let rowsText: String
    let completeness: CompletenessView?
    let provenance: String
    let answerCut: String
    let earlierText: String?
    let nowHref: String
    let repeatHref: String
    let csvHref: String
    let jsonHref: String
    let jsonName: String
    let nextHref: String?
    let action: String

    init(_ form: FormBody, _ info: ModelInfo, _ answered: Answered?, message: String?, _ words: Wording) {
        about = info.about
        (filters, sort, columns) = (form["filter"] ?? "", form["sort"] ?? "", form["columns"] ?? "")
        (cut, trueAt) = (form["cut"] ?? "", form["true_at"] ?? "")
        isNarrowed = ![sort, columns, cut, trueAt].allSatisfy(\.isEmpty)
        example = words("query.filterHint", ["example": Self.example(info)])
        self.message = message
        action = "/tanya/\(info.name)"
        hasAnswer = answered != nil
        guard let answered else {
            (headings, rows, hasRows, rowsText, completeness, provenance) = ([], [], false, "", nil, "")
            (earlierText, nowHref, repeatHref, csvHref, jsonHref, jsonName, nextHref) = (nil, "", "", "", "", "", nil)
            answerCut = ""
            return
        }
        let (asked, answer) = (answered.asked, answered.answer)
        headings = info.columns.filter(asked.shows).map {
            Heading(headingLabel: $0.label[words.language], headingName: $0.name, isNumber: $0.isNumber)
        }
        rows = answer.rows.map { row in
            Row(
                cells: zip(info.columns, row).filter { asked.shows($0.0) }.map { column, value in
                    Cell(
                        cellText: words.cell(value, column), isNumber: column.isNumber, isShort: column.type != .text)
                })
        }
        hasRows = !rows.isEmpty
        rowsText = words(
            rows.isEmpty ? "query.noRows" : answer.nextPage == nil ? "query.rows" : "query.rowsMore",
            ["n": String(rows.count)])
        completeness = answer.completeness.map { CompletenessView($0, words) }
        answerCut = String(answer.cut)
        provenance = words("query.provenance", ["model": "\(info.name)/\(info.version)", "cut": String(answer.cut)])
        let isEarlier = asked.query.asOf.cut != nil && answer.cut < answered.newest
        earlierText =
            isEarlier
            ? words("query.earlier", ["cut": String(answer.cut), "newest": String(answered.newest)]) : nil
        let here = { (without: Set<String>, more: String) in
            let kept = form.pairs.filter { !without.contains($0.name) && !$0.value.isEmpty }
            let text = QueryAddress.joined(kept.map { ($0.name, [$0.value]) })
            return "/tanya/\(info.name)?" + [text, more].filter { !$0.isEmpty }.joined(separator: "&")
        }
        nowHref = here(["next", "cut"], "")
        repeatHref = here(["next", "cut"], "cut=\(answer.cut)")
        let file = { (format: AnswerFormat) in
            QueryAddress.rows(of: asked.query, cut: answer.cut, format: format, language: words.language)
        }
        (csvHref, jsonHref) = (file(.csv), file(.json))
        jsonName = "\(info.name)-cut\(answer.cut).json"
        nextHref = answer.nextPage.map { here(["next"], QueryAddress.joined([("next", [$0])])) }
    }

    /// A filter that this model takes: a period, and a place.
    private static func example(_ info: ModelInfo) -> String {
        let period = info.columns.compactMap { column -> String? in
            switch column.type {
            case .month: "\(column.name)>=2026-01"
            case .quarter: "\(column.name)=2026Q3"
            default: nil
            }
        }
        let place = (info.columns.first { $0.name == "village" } ?? info.columns.first { $0.type == .region })
            .map { "\($0.name)^=36.04" }
        let parts = period.prefix(1) + [place].compactMap(\.self)
        return parts.isEmpty ? info.columns.prefix(1).map { "\($0.name)=…" }.joined() : parts.joined(separator: "; ")
    }
}

extension ModelColumn {
    fileprivate var isNumber: Bool { type.isInteger && type != .flag }
}

extension Wording {
    /// A value of a model in words.
    func cell(_ value: ModelValue, _ column: ModelColumn) -> String {
        switch (column.type, value) {
        case (_, .null): ""
        case (.flag, .integer(let flag)): self(flag == 1 ? "form.yes" : "form.no")
        case (.money, .integer(let amount)): "Rp" + grouped(amount)
        case (.basisPoints, .integer(let points)): percent(points)
        case (.code(let list), .text(let code)): self.code(list, code) ?? code
        case (.identifier, .text(let id)): String(id.prefix(8))
        case (.integer, .integer(let number)): grouped(number)
        default: value.description
        }
    }

    private func percent(_ points: Int64) -> String {
        let fraction = points % 100 < 10 ? "0\(points % 100)" : String(points % 100)
        return "\(points / 100)\(language == .indonesian ? "," : ".")\(fraction) %"
    }
}
