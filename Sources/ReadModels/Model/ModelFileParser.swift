import Catalogue

/// Reads the heading of a model's file. Collects every problem rather than stopping at the first.
struct ModelFileParser {
    private struct Entry {
        var name: String
        var value: String
        var line: Int
    }

    private let file: String
    private let text: String
    private var entries: [Entry] = []
    private var problems: [ModelProblem] = []
    private var sql = ""
    private var sqlLine = 1

    private static let names: Set<String> = [
        "model", "version", "kind", "title", "about", "key", "row", "reads", "scope", "topic", "release", "publish",
        "period", "column",
    ]

    init(file: String, text: String) {
        self.file = file
        self.text = text
    }

    mutating func model() throws(ModelProblems) -> ModelFile {
        takeApart()
        let key = names(one("key"))
        let row = names(optional("row"))
        let columns = all("column").compactMap { column($0) }
        var model = ModelFile(
            file: file, name: name(one("model")), version: number(one("version")), kind: kind(one("kind")),
            title: pair(one("title")), about: all("about").map(\.value).joined(separator: " "), key: key, row: row,
            reads: reads(keyCount: key.count), columns: columns, scope: scope(one("scope")),
            topic: optional("topic")?.value ?? AccessPolicy.otherTopic,
            periodColumn: optional("period")?.value, sql: sql, sqlLine: sqlLine, text: text)
        model.releases = all("release").compactMap { series($0) }
        model.publishes = all("publish").compactMap { figure($0) }
        check(model)
        guard problems.isEmpty else { throw ModelProblems(problems) }
        return model
    }

    // MARK: - Lines

    private mutating func takeApart() {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        var index = 0
        while index < lines.count, lines[index].hasPrefix("--") || lines[index].allSatisfy({ $0 == " " }) {
            take(lines[index].dropFirst(2), line: index + 1)
            index += 1
        }
        sqlLine = index + 1
        sql = lines[index...].joined(separator: "\n")
    }

    private mutating func take(_ comment: Substring, line: Int) {
        guard let colon = comment.firstIndex(of: ":") else { return continueAbout(comment) }
        let name = comment[..<colon].trimmingSpaces
        guard Self.names.contains(name) else { return continueAbout(comment) }
        entries.append(Entry(name: name, value: comment[comment.index(after: colon)...].trimmingSpaces, line: line))
    }

    /// A comment without a known name goes on with what the line above says.
    private mutating func continueAbout(_ comment: Substring) {
        let text = comment.trimmingSpaces
        guard !text.isEmpty, let last = entries.indices.last, entries[last].name == "about" else { return }
        entries[last].value += " " + text
    }

    private mutating func report(_ line: Int, _ what: String, _ fix: String) {
        problems.append(ModelProblem(file: file, line: line, what: what, fix: fix))
    }

    // MARK: - Entries

    private func all(_ name: String) -> [Entry] { entries.filter { $0.name == name } }

    private func optional(_ name: String) -> Entry? { entries.first { $0.name == name } }

    private mutating func one(_ name: String) -> Entry {
        let found = all(name)
        if found.isEmpty {
            report(1, "The heading has no “\(name)”.", "Add a line “-- \(name): …”.")
        } else if found.count > 1 {
            report(found[1].line, "“\(name)” is said twice.", "Keep one.")
        }
        return found.first ?? Entry(name: name, value: "", line: 1)
    }

    private mutating func name(_ entry: Entry) -> String {
        if !entry.value.isEmpty, !Self.isName(entry.value) {
            report(entry.line, "“\(entry.value)” is no name.", "Use a-z, 0-9 and _, starting with a letter.")
        }
        return entry.value
    }

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first) else { return false }
        return text.utf8.count <= 60
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "_")
            }
    }

    private mutating func number(_ entry: Entry) -> Int {
        guard let number = Int(entry.value), (1...999_999).contains(number) else {
            report(entry.line, "“\(entry.value)” is no version.", "Count versions from 1.")
            return 1
        }
        return number
    }

    private mutating func kind(_ entry: Entry) -> ModelInfo.Kind {
        guard let kind = ModelInfo.Kind(rawValue: entry.value) else {
            report(entry.line, "“\(entry.value)” is no kind.", "Write fold, rollup or view.")
            return .view
        }
        return kind
    }

    private mutating func pair(_ entry: Entry) -> LocalizedText {
        let parts = entry.value.split(separator: "|").map(\.trimmingSpaces)
        guard parts.count == 2 else {
            report(entry.line, "“\(entry.value)” is not in two languages.", "Write it as “Indonesian | English”.")
            return LocalizedText(id: entry.value, en: entry.value)
        }
        return LocalizedText(id: parts[0], en: parts[1])
    }

    private func names(_ entry: Entry?) -> [String] {
        (entry?.value ?? "").split(separator: ",").map(\.trimmingSpaces).filter { !$0.isEmpty }
    }

    private mutating func scope(_ entry: Entry) -> RowScope {
        let words = entry.value.split(separator: " ").map(String.init)
        switch words.count {
        case 1 where words[0] == "everyone": return .everyone
        case 1: return .within(column: words[0])
        case 3 where words[1] == "and" && words[2] == "above": return .withinAndAbove(column: words[0])
        default:
            report(
                entry.line, "“\(entry.value)” says not who may see a row.",
                "Name the column with the row's region, “COLUMN and above”, or “everyone”.")
            return .everyone
        }
    }

    /// `name type | label | label`
    private mutating func column(_ entry: Entry) -> ModelColumn? {
        let parts = entry.value.split(separator: "|").map(\.trimmingSpaces)
        let words = (parts.first ?? "").split(separator: " ").map(String.init)
        guard parts.count == 3, words.count == 2, Self.isName(words[0]), let type = ColumnType(words[1]) else {
            report(
                entry.line, "“\(entry.value)” does not describe a column.",
                "Write “-- column: NAME TYPE | Indonesian | English”; types are text, integer, flag, money, "
                    + "basis-points, date, month, quarter, moment, region, line, id:ENTITY and code:LIST.")
            return nil
        }
        return ModelColumn(name: words[0], type: type, label: LocalizedText(id: parts[1], en: parts[2]))
    }

    /// `event TYPE by …`, `event TYPE/LIST by …`, `event TYPE/LIST`, `model NAME by …`, `events by …`, `logs by …`
    private mutating func reads(keyCount: Int) -> [ModelReads] {
        let all = all("reads")
        if all.isEmpty {
            report(1, "The heading says not what the model reads.", "Add “-- reads: event TYPE by COLUMN”.")
        }
        var result: [ModelReads] = []
        for entry in all {
            let halves = entry.value.split(separator: " by ", maxSplits: 1).map(\.trimmingSpaces)
            let words = (halves.first ?? "").split(separator: " ").map(String.init)
            let by = halves.count == 2 ? names(Entry(name: "", value: halves[1], line: entry.line)) : []
            guard let source = Self.source(words) else {
                report(
                    entry.line, "“\(entry.value)” is nothing to read.",
                    "Write “event TYPE by COLUMNS”, “event TYPE/LIST by COLUMNS”, “model NAME by COLUMNS”, "
                        + "“events by COLUMNS” or “logs by COLUMNS”.")
                continue
            }
            // The elements of a list change only with their event, which says whose they are.
            if case .event(_, _?) = source, by.isEmpty, halves.count == 1 {
                result.append(ModelReads(source: source, by: [], line: entry.line))
                continue
            }
            if by.count != keyCount {
                report(
                    entry.line, "“\(entry.value)” gives \(by.count) columns for a key of \(keyCount).",
                    "Name, for each key column, the column that holds it.")
            }
            result.append(ModelReads(source: source, by: by, line: entry.line))
        }
        return result
    }

    private static func source(_ words: [String]) -> ModelReads.Source? {
        switch (words.first, words.count) {
        case ("events", 1): return .everyEvent
        case ("logs", 1): return .logs
        case ("model", 2): return isName(words[1]) ? .model(words[1]) : nil
        case ("event", 2):
            let parts = words[1].split(separator: "/").map(String.init)
            guard (1...2).contains(parts.count) else { return nil }
            return .event(type: parts[0], list: parts.count == 2 ? parts[1] : nil)
        default: return nil
        }
    }

    /// `SERIES from COLUMN, COLUMN` or `SERIES from COLUMN by COLUMN`
    private mutating func series(_ entry: Entry) -> SeriesSource? {
        let halves = entry.value.split(separator: " from ", maxSplits: 1).map(\.trimmingSpaces)
        let parts = (halves.last ?? "").split(separator: " by ", maxSplits: 1).map(\.trimmingSpaces)
        let measures = (parts.first ?? "").split(separator: ",").map(\.trimmingSpaces)
        guard halves.count == 2, Self.isName(halves[0]), !measures.isEmpty, parts.count == 1 || measures.count == 1
        else {
            report(
                entry.line, "“\(entry.value)” does not describe a series.",
                "Write “SERIES from COLUMN, COLUMN”, or “SERIES from COLUMN by COLUMN”.")
            return nil
        }
        return SeriesSource(series: halves[0], measures: measures, categoryColumn: parts.count == 2 ? parts[1] : nil)
    }

    /// `COLUMN as SERIES` or `COLUMN as SERIES/CATEGORY`
    private mutating func figure(_ entry: Entry) -> SeriesFigure? {
        let halves = entry.value.split(separator: " as ", maxSplits: 1).map(\.trimmingSpaces)
        let parts = (halves.last ?? "").split(separator: "/").map(String.init)
        guard halves.count == 2, (1...2).contains(parts.count) else {
            report(
                entry.line, "“\(entry.value)” does not say what a column is published as.",
                "Write “COLUMN as SERIES” or “COLUMN as SERIES/CATEGORY”.")
            return nil
        }
        return SeriesFigure(column: halves[0], series: parts[0], category: parts.count == 2 ? parts[1] : nil)
    }

    // MARK: - What must fit together

    private mutating func check(_ model: ModelFile) {
        let known = Set(model.columns.map(\.name))
        if known.count != model.columns.count { report(1, "Two columns have one name.", "Name each column once.") }
        if model.key.isEmpty { report(1, "The key has no column.", "Name what a row is found by.") }
        let released = model.releases.flatMap { $0.measures + [$0.categoryColumn].compactMap { $0 } }
        let named =
            model.identity + [model.scope.column, model.periodColumn].compactMap { $0 } + released
            + model.publishes.map(\.column)
        for column in named where !known.contains(column) {
            report(1, "“\(column)” is not among the columns.", "Add “-- column: \(column) …”.")
        }
        if model.kind != .view, model.reads.contains(where: { $0.source == .everyEvent || $0.source == .logs }) {
            report(1, "Only a view can read all events or the logs.", "Name the event types that count.")
        }
        if !model.row.isEmpty, model.kind != .fold {
            report(1, "Only a fold has several rows of a key.", "Put the columns of “row” into “key”.")
        }
    }
}
