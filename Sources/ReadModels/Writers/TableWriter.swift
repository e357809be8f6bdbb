import Catalogue

/// Writes columns aligned for a terminal, and below them what is needed to trust the rows.
struct TableWriter {
    let answer: Answer
    let language: Language

    var text: String {
        let cells = answer.rows.map { row in zip(answer.columns, row).map(cell) }
        let headings = answer.columns.map { $0.label[language] }
        let widths = headings.indices.map { index in
            ([headings[index]] + cells.map { $0[index] }).map(\.count).max() ?? 0
        }
        var lines = [line(headings, widths, alignNumbers: false)]
        lines.append(widths.map { String(repeating: "─", count: $0) }.joined(separator: "  "))
        lines += cells.map { line($0, widths, alignNumbers: true) }
        return (lines + footer).map { $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int], alignNumbers: Bool) -> String {
        let padded = cells.enumerated().map { index, text in
            let space = String(repeating: " ", count: max(0, widths[index] - text.count))
            return alignNumbers && answer.columns[index].type.isNumber ? space + text : text + space
        }
        let line = padded.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private func cell(_ column: ModelColumn, _ value: ModelValue) -> String {
        switch (column.type, value) {
        case (_, .null): "–"
        case (.flag, .integer(let flag)): flag == 0 ? text("tidak", "no") : text("ya", "yes")
        case (.basisPoints, .integer(let points)): percent(points)
        // Control characters of a text must not move a terminal's cursor.
        case (_, .text(let text)): String(text.map { $0.isNewline || $0.isControl ? " " : $0 })
        default: value.description
        }
    }

    /// 1234 is 12.34%, without floating point.
    private func percent(_ points: Int64) -> String {
        let (whole, rest) = points.quotientAndRemainder(dividingBy: 100)
        let sign = points < 0 && whole == 0 ? "-" : ""
        let separator = language == .indonesian ? "," : "."
        return "\(sign)\(whole)\(separator)\(abs(rest) < 10 ? "0" : "")\(abs(rest))%"
    }

    private var footer: [String] {
        var lines = [
            "",
            text(
                "\(answer.rows.count) baris · \(answer.model) v\(answer.modelVersion) · cut \(answer.cut)",
                "\(answer.rows.count) rows · \(answer.model) v\(answer.modelVersion) · cut \(answer.cut)")
                + (answer.trueAt.map { text(" · berlaku pada \($0)", " · true at \($0)") } ?? ""),
        ]
        if let edition = answer.edition { lines += describe(edition) }
        if let completeness = answer.completeness { lines += describe(completeness) }
        if answer.nextPage != nil {
            lines.append(text("Masih ada baris berikutnya.", "There are more rows."))
        }
        return lines
    }

    private func describe(_ edition: RegionEdition) -> [String] {
        let head = text(
            "Kode wilayah yang berlaku \(edition.day).", "By the region codes in force on \(edition.day).")
        guard !edition.unassigned.isEmpty else { return [head] }
        let codes = edition.unassigned.joined(separator: ", ")
        return [
            head,
            text(
                "Wilayah ini dibagi; yang dicatat dengan kode lama belum dapat dipisahkan dan tetap di sini: \(codes)",
                "Divided since; what was recorded under the old code cannot be told apart and stays there: \(codes)"),
        ]
    }

    private func describe(_ completeness: Completeness) -> [String] {
        let period = completeness.period.map { " \($0)" } ?? ""
        var lines = [
            text(
                "Kelengkapan \(completeness.region)\(period): \(completeness.reporting) dari \(completeness.enrolled) "
                    + "simpul sudah melapor · \(completeness.state.rawValue)",
                "Completeness \(completeness.region)\(period): \(completeness.reporting) of \(completeness.enrolled) "
                    + "nodes have reported · \(completeness.state.rawValue)"),
            completeness.rule[language],
        ]
        if !completeness.silent.isEmpty {
            let names = completeness.silent.map { node in
                "\(node.node) (\(node.lastContact?.description ?? text("belum pernah", "never")))"
            }
            lines.append(text("Belum terdengar: ", "Silent: ") + names.joined(separator: ", "))
        }
        return lines
    }

    private func text(_ indonesian: String, _ english: String) -> String {
        language == .indonesian ? indonesian : english
    }
}

extension ColumnType {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .money, .basisPoints: true
        default: false
        }
    }
}

extension Character {
    fileprivate var isControl: Bool {
        unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            // Format characters include those that turn the direction of what follows.
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
    }
}
