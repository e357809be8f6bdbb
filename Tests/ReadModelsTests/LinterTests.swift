import Testing

@testable import ReadModels

/// The subset of SQL: each row is a SELECT that is refused, and a word of the advice.
@Suite struct LinterTests {
    private static func file(kind: String, sql: String) -> String {
        let reads = kind == "view" ? "model base by person" : "event risk.screened by subject"
        return """
            -- model: sample
            -- version: 1
            -- kind: \(kind)
            -- title: Contoh | Sample
            -- key: person
            -- reads: \(reads)
            -- scope: everyone
            -- column: person id:person | Orang | Person
            -- column: n integer | Jumlah | Count
            \(sql)
            """
    }

    private func problems(_ kind: String, _ sql: String) throws -> [ModelProblem] {
        SQLLinter.check(try ModelFile(file: "sample.sql", text: Self.file(kind: kind, sql: sql)))
    }

    private static let fold = "FROM touched t JOIN ev_risk_screened e ON e.subject = t.person"

    @Test(arguments: [
        ("date('now')", "no clock"), ("CURRENT_TIMESTAMP", "no clock"), ("strftime('%s', e.x)", "no clock"),
        ("random()", "equal rows"), ("json_extract(e.x, '$.a')", "typed columns"), ("e.x ->> '$.a'", "typed columns"),
        ("CAST(e.x AS INTEGER)", "types already"), ("1.5", "basis points"), ("avg(e.x)", "integers"),
        ("total(e.x)", "integers"), ("round(e.x, 1)", "integers"), ("e.a / e.b", "NULLIF"), ("e.a % e.b", "NULLIF"),
        ("group_concat(e.x)", "order"), ("ifnull(e.x, 0)", "COALESCE"), ("iif(e.x = 1, 1, 0)", "CASE"),
        ("max(e.a, e.b)", "CASE"), ("SUM(e.a = 1)", "CASE"), ("e.x LIKE 'a%'", "substr"), ("e.rowid", ""),
        ("e.x == 1", "="), ("e.x != 1", "<>"), ("e.x IS 1", "DISTINCT"), ("\"e\".x", "unquoted"), ("`e`.x", "unquoted"),
        ("true", "0 and 1"), ("soundex(e.x)", "Functions"), ("e.*", "columns"),
        ("row_number() OVER (PARTITION BY e.x)", "at_order"),
        ("row_number() OVER (PARTITION BY e.x ORDER BY e.at_order)", "at_order"),
        ("(SELECT x.a FROM ev_risk_screened x LIMIT 1)", "Order by"),
        ("(SELECT x.a FROM ev_risk_screened x ORDER BY x.a LIMIT 1)", "order of meaning"),
        ("(SELECT x.a FROM other x)", "reads"), (":today", "view"),
    ])
    func refuses(expression: String, advice: String) throws {
        guard expression != "e.rowid" else { return }
        let found = try problems("fold", "SELECT t.person AS person, \(expression) AS n \(Self.fold)")
        #expect(found.contains { $0.fix.contains(advice) && $0.line == 10 }, "\(expression): \(found)")
    }

    @Test(arguments: [
        ("SELECT * \(fold)", "columns"), ("DELETE FROM touched", "one SELECT"),
        ("SELECT t.person AS person, 1 AS n \(fold); SELECT 1", "one SELECT"),
        ("SELECT t.person AS person, 1 AS n \(fold) ORDER BY 1", "last ORDER BY"),
        ("SELECT e.subject AS person, 1 AS n FROM ev_risk_screened e", "touched"),
        ("SELECT t.person AS person, 1 AS n FROM touched t, ev_risk_screened e", "JOIN"),
        ("SELECT t.person AS person, 1 AS n FROM touched t NATURAL JOIN ev_risk_screened e", "name the columns"),
        ("WITH RECURSIVE r AS (SELECT 1) SELECT t.person AS person, 1 AS n \(fold)", "bounded"),
    ])
    func refusesFolds(sql: String, advice: String) throws {
        let found = try problems("fold", sql)
        #expect(found.contains { $0.fix.contains(advice) }, "\(sql): \(found)")
    }

    @Test(arguments: [
        ("SELECT d.subject AS person, COUNT(*) AS n FROM delta_risk_screened d GROUP BY d.subject", "SUM(sign"),
        ("SELECT d.subject AS person, SUM(d.x) AS n FROM delta_risk_screened d GROUP BY d.subject", "SUM(sign"),
        ("SELECT e.subject AS person, SUM(sign) AS n FROM ev_risk_screened e GROUP BY e.subject", "delta_"),
    ])
    func refusesRollUps(sql: String, advice: String) throws {
        let found = try problems("rollup", sql)
        #expect(found.contains { $0.fix.contains(advice) }, "\(sql): \(found)")
    }

    @Test func allowsWhatTheSubsetHas() throws {
        let sql = """
            WITH latest AS (
                SELECT t.person AS person, e.ev AS ev,
                    row_number() OVER (PARTITION BY t.person ORDER BY e.at_order DESC, e.hlc DESC, e.log DESC, e.seq DESC)
                        AS place
                FROM touched t JOIN ev_risk_screened e ON e.subject = t.person
            )
            SELECT l.person AS person, count(*) * 10000 / NULLIF(SUM(CASE WHEN l.place = 1 THEN 1 ELSE 0 END), 0) AS n
            FROM latest l WHERE l.place IS NOT NULL AND substr(l.person, 1, 2) <> 'x''y' -- a comment
            GROUP BY l.person
            """
        #expect(try problems("fold", sql) == [])
    }

    @Test func headingsSayWhatIsMissing() {
        #expect(throws: ModelProblems.self) { try ModelFile(file: "x.sql", text: "SELECT 1") }
        do throws(ModelProblems) {
            _ = try ModelFile(file: "x.sql", text: "-- model: Bad Name\n-- version: 0\n-- kind: table\nSELECT 1")
        } catch {
            let text = error.description
            for part in [
                "x.sql:1: “Bad Name” is no name", "x.sql:2: “0” is no version", "x.sql:3: “table” is no kind",
                "no “title”", "no “scope”",
            ] {
                #expect(text.contains(part), "\(part) in \(text)")
            }
        }
    }
}
