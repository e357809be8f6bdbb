/// Words that a model's SQL must not have, with what to write instead.
private let refusedWords: [String: String] = {
    let clock = "Models know no clock: a view can use :today, which the question gives."
    let json = "Fields arrive in typed columns; list elements in the relation of the list."
    let float = "Keep integers: basis points (x * 10000 / NULLIF(y, 0)), tenths, rupiah."
    let random = "Equal events must give equal rows."
    let statement = "A model is one SELECT."
    let sqlite = "PostgreSQL has it not: "
    var words: [String: String] = [:]
    func refuse(_ names: String, _ why: String) {
        for name in names.split(separator: " ") { words[String(name)] = why }
    }
    refuse(
        "date time datetime julianday strftime unixepoch timediff current_date current_time current_timestamp now",
        clock)
    refuse(
        "json json_extract json_each json_tree json_array json_object json_type json_valid json_group_array "
            + "json_group_object json_patch json_set json_insert json_replace json_remove json_quote jsonb", json)
    refuse("real double float numeric decimal avg total round power sqrt exp ln log10 log2", float)
    refuse("random randomblob changes total_changes last_insert_rowid sqlite_version", random)
    refuse(
        "insert update delete replace create drop alter attach detach pragma vacuum reindex analyze begin commit "
            + "rollback savepoint release explain returning values load_extension", statement)
    refuse("cast", "Columns have their types already; a text of digits is not a number in every database.")
    refuse("group_concat string_agg", "The order of its parts is not certain: use a list's relation, or a view.")
    refuse("ifnull iif", sqlite + "write COALESCE or CASE.")
    refuse(
        "instr glob regexp match typeof rowid oid _rowid_ printf format unicode quote zeroblob hex unhex",
        sqlite + "compare with =, substr and length.")
    refuse("like ilike similar", "Upper and lower case count differently: compare with = and substr.")
    refuse("natural", "A new column would change its meaning: name the columns after ON.")
    refuse("recursive", "Models are bounded: no recursion.")
    refuse("true false", "Flags are 0 and 1.")
    refuse("isnull notnull", "Write IS NULL or IS NOT NULL.")
    refuse("collate", "Texts compare byte by byte.")
    refuse("indexed", "How rows are found is not the model's matter.")
    refuse("percent_rank cume_dist ntile", float)
    return words
}()

extension SQLLinter {
    mutating func checkStatement() {
        guard let first = tokens.first else {
            report(model.sqlLine, "There is no SELECT after the heading.", "Add it.")
            return
        }
        if !first.is("select"), !first.is("with") {
            report(first.line, "The SQL starts with “\(first.text)”.", "A model is one SELECT, or WITH … SELECT.")
        }
        if let end = tokens.firstIndex(where: { $0.is(";") }), end < tokens.count - 1 {
            report(tokens[end + 1].line, "Something follows the “;”.", "A model is one SELECT.")
        }
    }

    mutating func checkWords() {
        for (index, token) in tokens.enumerated() {
            switch token.kind {
            case .word:
                // After a dot it is a column, which may be named as it likes.
                if index > 0, tokens[index - 1].is(".") { continue }
                if let fix = refusedWords[token.text] {
                    report(token.line, "“\(token.text)” is outside the subset.", fix)
                }
            case .number:
                if token.text.utf8.contains(where: { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
                    report(
                        token.line, "“\(token.text)” is not an integer.",
                        "Keep integers: basis points, tenths, rupiah.")
                }
            case .parameter:
                if model.kind != .view || ![":today", ":today_day"].contains(token.text) {
                    report(
                        token.line, "“\(token.text)” is not given.",
                        "Only a view has parameters, :today (a date) and :today_day (days since 1970); what depends "
                            + "on them belongs into a view.")
                }
            case .foreign:
                report(
                    token.line, "“\(token.text)” is outside the subset.",
                    "Names are a-z, 0-9 and _, unquoted; texts stand in '…'.")
            case .text, .sign: break
            }
        }
    }

    mutating func checkSigns() {
        for (index, token) in tokens.enumerated() where token.kind == .sign {
            switch token.text {
            case "*" where isSelectStar(index):
                report(token.line, "“*” stands for columns that may change.", "Name the columns.")
            case "->", "->>":
                report(token.line, "“\(token.text)” reads JSON.", "Fields arrive in typed columns.")
            case "==": report(token.line, "“==” is outside the subset.", "Write =.")
            case "!=": report(token.line, "“!=” is outside the subset.", "Write <>.")
            case "&", "~", "!": report(token.line, "“\(token.text)” is outside the subset.", "Use flags of their own.")
            case "/", "%": checkDivisor(after: index)
            default: break
            }
        }
        for (index, token) in tokens.enumerated() where token.is("is") {
            let next = self.token(index + 1)?.is("not") == true ? self.token(index + 2) : self.token(index + 1)
            if next?.is("null") != true, next?.is("distinct") != true {
                report(token.line, "IS compares with more than NULL.", "Write IS NOT DISTINCT FROM.")
            }
        }
    }

    /// `*` that is neither a product nor `count(*)`.
    private func isSelectStar(_ index: Int) -> Bool {
        guard let before = token(index - 1) else { return true }
        if before.is("(") { return token(index - 2)?.is("count") != true }
        return before.is("select") || before.is("distinct") || before.is(",") || before.is(".")
    }

    /// Division by zero is NULL in one database and an error in the other.
    private mutating func checkDivisor(after index: Int) {
        guard let divisor = token(index + 1) else { return }
        if divisor.is("nullif") || (divisor.kind == .number && divisor.text != "0") { return }
        report(
            divisor.line, "The divisor may be zero.", "Write NULLIF(…, 0): division by zero is an error in PostgreSQL.")
    }

    mutating func checkAggregates() {
        for (index, token) in tokens.enumerated() where token.kind == .word {
            guard self.token(index + 1)?.is("(") == true else { continue }
            let end = closing(index + 1)
            let inside = tokens[(index + 2)..<max(index + 2, end)]
            switch token.text {
            case "min", "max", "sum", "count":
                if topLevelCommas(inside) > 0 {
                    report(
                        token.line, "\(token.text) of several values is SQLite's own.",
                        "Write CASE WHEN a < b THEN a ELSE b END.")
                }
                if token.text == "sum", hasBareComparison(inside) {
                    report(
                        token.line, "SUM of a comparison is an error in PostgreSQL.",
                        "Write SUM(CASE WHEN … THEN 1 ELSE 0 END).")
                }
            case "substr", "length", "coalesce", "nullif", "abs", "lower", "upper", "trim", "row_number", "rank",
                "dense_rank", "lag", "lead", "first_value", "last_value", "exists", "in", "over", "as", "on", "and",
                "or", "not", "when", "then", "else", "where", "case", "from", "join", "select", "by", "filter",
                "having", "between", "union", "all", "except", "intersect", "distinct", "with", "using", "any":
                break
            default:
                // A common table expression may be followed by its columns.
                if !commonTables.contains(token.text) {
                    report(
                        token.line, "The function “\(token.text)” is outside the subset.",
                        "Functions are count, sum, min, max, coalesce, nullif, substr, length, abs, lower, upper, trim "
                            + "and the window functions row_number, rank, dense_rank, lag, lead, first_value, "
                            + "last_value.")
                }
            }
        }
    }

    private func topLevelCommas(_ tokens: ArraySlice<SQLToken>) -> Int {
        var depth = 0
        var commas = 0
        for token in tokens {
            if token.is("(") { depth += 1 }
            if token.is(")") { depth -= 1 }
            if depth == 0, token.is(",") { commas += 1 }
        }
        return commas
    }

    private func hasBareComparison(_ tokens: ArraySlice<SQLToken>) -> Bool {
        !tokens.contains { $0.is("case") } && tokens.contains { ["=", "<", ">", "<=", ">=", "<>"].contains($0.text) }
    }

    /// Names that WITH gives.
    var commonTables: Set<String> {
        guard tokens.contains(where: { $0.is("with") }) else { return [] }
        var names: Set<String> = []
        for (index, token) in tokens.enumerated() where token.is("as") && self.token(index + 1)?.is("(") == true {
            if let name = self.token(index - 1), name.kind == .word { names.insert(name.text) }
        }
        return names
    }
}

// MARK: - Order

extension SQLLinter {
    private static let orderColumns = ["at_order", "hlc", "log", "seq"]

    /// Order must be total where it decides, and must not depend on where NULLs go.
    mutating func checkOrder() {
        for (index, token) in tokens.enumerated() {
            if token.is("limit"), !hasOrderBefore(index) {
                report(token.line, "LIMIT without ORDER BY takes any row.", "Order by at_order, hlc, log, seq.")
            }
            if ["row_number", "lag", "lead", "first_value", "last_value"].contains(where: token.is) {
                checkWindow(index)
            }
            if token.is("order"), self.token(index + 1)?.is("by") == true { checkOrderBy(index) }
        }
    }

    private func hasOrderBefore(_ limit: Int) -> Bool {
        var depth = 0
        for index in stride(from: limit - 1, through: 0, by: -1) {
            if tokens[index].is(")") { depth += 1 }
            if tokens[index].is("(") {
                if depth == 0 { return false }
                depth -= 1
            }
            if depth == 0, tokens[index].is("order") { return true }
            if depth == 0, tokens[index].is("select") { return false }
        }
        return false
    }

    private mutating func checkWindow(_ index: Int) {
        let end = closing(index + 1)
        guard token(end + 1)?.is("over") == true else { return }
        let window = tokens[(end + 1)..<min(closing(end + 2) + 1, tokens.count)]
        if !window.contains(where: { $0.is("order") }) {
            report(
                tokens[index].line, "\(tokens[index].text) without ORDER BY takes any row.",
                "Order by at_order, hlc, log, seq.")
        }
    }

    private mutating func checkOrderBy(_ start: Int) {
        let names = orderTerms(start)
        let isTopLevel = !tokens[..<start].contains { $0.is("(") } || depth(at: start) == 0
        if isTopLevel {
            report(
                tokens[start].line, "A model has no order of its own.",
                "Leave out the last ORDER BY: rows are ordered by key, or as the question asks.")
            return
        }
        guard model.kind == .fold, readsEvents else { return }
        let last = names.suffix(4)
        if Array(last) != Self.orderColumns {
            report(
                tokens[start].line, "The order does not decide between any two events.",
                "End it with at_order, hlc, log, seq: the order of meaning.")
        }
    }

    private var readsEvents: Bool {
        model.reads.contains { if case .event = $0.source { true } else { false } }
    }

    private func depth(at index: Int) -> Int {
        var depth = 0
        for token in tokens[..<index] {
            if token.is("(") { depth += 1 }
            if token.is(")") { depth -= 1 }
        }
        return depth
    }

    /// The last name of each term after ORDER BY.
    private func orderTerms(_ start: Int) -> [String] {
        var terms: [String] = []
        var current: String?
        var depth = 0
        var index = start + 2
        while let token = token(index) {
            if token.is("(") { depth += 1 }
            if token.is(")") {
                if depth == 0 { break }
                depth -= 1
            }
            if depth == 0 {
                if ["limit", "rows", "range"].contains(where: token.is) { break }
                if token.is(",") {
                    terms.append(current ?? "")
                    current = nil
                } else if token.kind == .word, !["asc", "desc", "nulls", "first", "last"].contains(token.text) {
                    current = token.text
                }
            }
            index += 1
        }
        if let current { terms.append(current) }
        return terms
    }
}

// MARK: - What is read, and the shape of each kind

extension SQLLinter {
    /// Every relation must be declared, so that the engine knows what to recompute when.
    mutating func checkSources() {
        let declared = Set(model.reads.map { model.kind == .rollUp ? $0.delta : $0.relation })
        let own = commonTables.union(model.kind == .fold ? ["touched"] : [])
        var used: Set<String> = []
        for (index, token) in tokens.enumerated() where token.is("from") || token.is("join") {
            // SUBSTRING(x FROM y) and IS DISTINCT FROM are not sources.
            if self.token(index - 1)?.is("distinct") == true { continue }
            guard let name = self.token(index + 1), name.kind == .word, !name.is("select") else { continue }
            used.insert(name.text)
            if !declared.contains(name.text), !own.contains(name.text) {
                report(
                    name.line, "“\(name.text)” is read but not declared.",
                    model.kind == .rollUp
                        ? "A roll-up reads delta_… of what its heading names under “reads”."
                        : "Name it in the heading under “reads”.")
            }
        }
        for reads in model.reads {
            let name = model.kind == .rollUp ? reads.delta : reads.relation
            if !used.contains(name) {
                report(reads.line, "“\(name)” is declared but not read.", "Remove it from “reads”, or read it.")
            }
        }
        checkCommas()
    }

    private mutating func checkCommas() {
        for (index, token) in tokens.enumerated() where token.is("from") {
            // FROM a, b: a join without its condition.
            var next = index + 2
            if self.token(next)?.is("as") == true { next += 1 }
            if let alias = self.token(next), alias.kind == .word, self.token(next + 1)?.is(",") == true,
                let after = self.token(next + 2), after.kind == .word, declaredNames.contains(after.text)
            {
                report(alias.line, "Sources are joined by a comma.", "Write JOIN … ON ….")
            }
        }
    }

    private var declaredNames: Set<String> {
        Set(model.reads.flatMap { [$0.relation, $0.delta] }).union(["touched"])
    }

    mutating func checkShape() {
        switch model.kind {
        case .fold:
            if !tokens.contains(where: { $0.is("touched") }) {
                report(
                    model.sqlLine, "The fold does not read “touched”.",
                    "Compute the rows of the keys in touched only: FROM touched t JOIN … ON ….")
            }
        case .rollUp: checkRollUp()
        case .view: break
        }
    }

    /// Each column of a roll-up is a part of the key or a signed sum, so that differences can be added.
    private mutating func checkRollUp() {
        if !model.columns.contains(where: { $0.name == "n" }) {
            report(1, "The roll-up has no column n.", "Add SUM(sign) AS n: a group whose n is 0 is removed.")
        }
        for column in model.columns where !model.key.contains(column.name) {
            if !column.type.isInteger {
                report(
                    1, "“\(column.name)” is no integer.",
                    "Only sums can be kept by differences; put texts into the key.")
            }
            guard let name = outerColumn(column.name) else {
                report(model.sqlLine, "“\(column.name)” is not computed.", "Write SUM(sign * …) AS \(column.name).")
                continue
            }
            guard token(name - 2)?.is(")") == true, startsWithSignedSum(endingAt: name - 2) else {
                report(
                    tokens[name].line, "“\(column.name)” is not a signed sum.",
                    "Write SUM(sign * …) AS \(column.name), or SUM(sign).")
                continue
            }
        }
    }

    /// Where the outermost SELECT gives a column its name.
    private func outerColumn(_ name: String) -> Int? {
        var depth = 0
        for (index, token) in tokens.enumerated() {
            if token.is("(") { depth += 1 }
            if token.is(")") { depth -= 1 }
            if depth == 0, token.is(name), self.token(index - 1)?.is("as") == true { return index }
        }
        return nil
    }

    private func startsWithSignedSum(endingAt close: Int) -> Bool {
        var depth = 0
        for index in stride(from: close, through: 0, by: -1) {
            if tokens[index].is(")") { depth += 1 }
            if tokens[index].is("(") {
                depth -= 1
                if depth == 0 {
                    guard token(index - 1)?.is("sum") == true else { return false }
                    let first = token(index + 1)
                    if first?.is("sign") == true { return true }
                    return token(index + 2)?.is(".") == true && token(index + 3)?.is("sign") == true
                }
            }
        }
        return false
    }
}
