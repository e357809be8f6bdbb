import Catalogue
import Event
import Hummingbird
import Node
import ReadModels

/// Published figures that have changed since: old, new, and which records changed them.
struct FiguresPages: Sendable {
    private struct FiguresPage {
        let figures: [Figure]
        let hasFigures: Bool
    }

    private struct Figure {
        let figureTitle: String
        let old: String
        let new: String
        let oldLabel: String
        let oldHref: String
        let newHref: String
        let figureChanges: [Change]
        let changesTitle: String
    }

    private struct Change {
        let changeCause: String
        let changeText: String
        let changeLine: String
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/angka") { try figures($0) }
    }

    private func figures(_ request: PageRequest) throws -> PageResponse {
        let words = try Wording(site, request)
        let account = try request.account()
        let asking = try site.node.reader(of: account)
        let reader = try site.node.modelReader
        let models = try reader.models(for: asking).reduce(into: [:]) { $0[$1.name] = $1 }
        let changed = try reader.restatements(
            scope: try account.regionCode(), reader: asking, today: site.desk.localDay, intake: site.node.intakeReader)
        let views = changed.compactMap { figure in
            models[figure.model].map { Self.view(figure, $0, words) }
        }
        return try site.page(
            "figures", for: request, title: "figures.title", FiguresPage(figures: views, hasFigures: !views.isEmpty))
    }

    private static func view(_ figure: Restatement, _ model: ModelInfo, _ words: Wording) -> Figure {
        let column = model.columns.first { $0.name == figure.column }
        let text = { (value: ModelValue) in column.map { words.cell(value, $0) } ?? value.description }
        let filter = figure.filters.map(\.written).joined(separator: "; ")
        let address = { (cut: String?) in
            let pairs: [(name: String, values: [String])] =
                [("filter", [filter])] + (cut.map { [("cut", [$0])] } ?? [])
            return "/tanya/\(figure.model)?" + QueryAddress.joined(pairs)
        }
        return Figure(
            figureTitle: title(figure, model, words), old: text(figure.old), new: text(figure.new),
            oldLabel: words("figures.old", ["cut": String(figure.cut)]), oldHref: address(String(figure.cut)),
            newHref: address(nil),
            figureChanges: figure.changes.map { change in
                let by = change.by.map { words("figures.by", ["line": "\($0.log)#\($0.sequence)"]) }
                return Change(
                    changeCause: words("figures.\(change.cause.rawValue)"),
                    changeText: "\(words.type(change.type)), \(words.dates.text(change.occurredAt))",
                    changeLine: ["\(change.line.log)#\(change.line.sequence)", by].compactMap(\.self)
                        .joined(separator: " "))
            }, changesTitle: words("figures.changes", ["n": String(figure.changes.count)]))
    }

    /// The title it was published with; where that is only the question, the question in words.
    private static func title(_ figure: Restatement, _ model: ModelInfo, _ words: Wording) -> String {
        guard figure.figure.hasPrefix("\(figure.model).") else { return figure.figure }
        let label = { (name: String) in model.columns.first { $0.name == name }?.label[words.language] ?? name }
        let filters = figure.filters.map { filter in
            let values = filter.values.map { words.dates.text($0.description) }.joined(separator: ", ")
            let sign = filter.comparison == .equal ? "" : filter.comparison.rawValue + " "
            return "\(label(filter.column).lowercased()) \(sign)\(values)"
        }
        return "\(label(figure.column)): " + filters.joined(separator: "; ")
    }
}
