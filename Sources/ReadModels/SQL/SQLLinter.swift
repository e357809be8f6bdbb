/// Checks that a model's SQL keeps to what SQLite and PostgreSQL compute alike, whenever they compute it.
///
/// The subset, and why: `docs/read-models.md`. Each problem says what to write instead.
struct SQLLinter {
    let model: ModelFile
    let tokens: [SQLToken]
    var problems: [ModelProblem] = []

    static func check(_ model: ModelFile) -> [ModelProblem] {
        var linter = SQLLinter(model: model, tokens: SQLTokenizer.tokens(model.sql, firstLine: model.sqlLine))
        linter.checkStatement()
        linter.checkWords()
        linter.checkSigns()
        linter.checkAggregates()
        linter.checkOrder()
        linter.checkSources()
        linter.checkShape()
        return linter.problems.sorted { ($0.line, $0.what) < ($1.line, $1.what) }
    }

    private init(model: ModelFile, tokens: [SQLToken]) {
        self.model = model
        self.tokens = tokens
    }

    mutating func report(_ line: Int, _ what: String, _ fix: String) {
        let problem = ModelProblem(file: model.file, line: line, what: what, fix: fix)
        if !problems.contains(problem) { problems.append(problem) }
    }

    func token(_ index: Int) -> SQLToken? { tokens.indices.contains(index) ? tokens[index] : nil }

    /// The index of the parenthesis that closes the one at an index; the end where there is none.
    func closing(_ open: Int) -> Int {
        var depth = 0
        for index in open..<tokens.count {
            if tokens[index].is("(") { depth += 1 }
            if tokens[index].is(")") {
                depth -= 1
                if depth == 0 { return index }
            }
        }
        return tokens.count
    }
}
