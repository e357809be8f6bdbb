import Event
import ReadModels
import Testing

/// Two histories of one log, as two copies of one disk write them: shared lines count once, the others each, and what
/// refers to a line means the line of that hash.
@Suite struct BranchTests {
    private let village = "desa-0/36.04.13.2007:main/0000000000000000"
    private let persons = [
        "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222",
        "33333333-3333-4333-8333-333333333333",
    ]

    private func screening(_ person: Int, _ score: Int64) -> JSON {
        [
            "person_id": .string(persons[person]), "screened_on": "2026-07-10", "stage": "before", "answers": [],
            "safe_to_contact": true, "rules_version": "0.1.0", "score_local": .int(score), "band_local": "high",
            "incomplete_local": false, "reasons_local": ["R01", "R05"], "hard_local": ["R01"],
        ]
    }

    /// What both copies have, what each wrote then, and corrections of those by the hub.
    private struct Fork {
        let first: LogWriter
        let second: LogWriter
        let hub: LogWriter
        let fork: Int64 = 1

        func history(_ log: LogWriter) -> String {
            "\(fork):" + leafHash(log.lines[Int(fork)]).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    private func fork() throws -> Fork {
        let (first, second) = (try LogWriter(village), try LogWriter(village))
        for log in [first, second] {
            try log.add("risk.screened", subject: persons[0], data: screening(0, 50), recorded: LogWriter.start)
        }
        let one = try first.add(
            "risk.screened", subject: persons[1], data: screening(1, 40), recorded: LogWriter.start + 1_000)
        let two = try second.add(
            "risk.screened", subject: persons[2], data: screening(2, 30), recorded: LogWriter.start + 2_000)
        let hub = try LogWriter("hub-serang/36.04.13.2007:main/00000000000000aa")
        try hub.correct(two, patch: ["score_local": 10])
        try hub.correct(one, patch: ["score_local": 20])
        return Fork(first: first, second: second, hub: hub)
    }

    /// Each person's score, whatever came first.
    private func scores(_ runs: [IntakeRun]) throws -> [String: Int64] {
        let folder = try TestFolder()
        let engine = try folder.engine()
        let intake = RunIntake(runs)
        // One run at a time: each is settled before the next is known.
        while try engine.advance(from: intake, limit: 1).more {}
        #expect(try engine.reader.parked().isEmpty)
        let answer = try engine.reader.query(
            ModelQuery(
                "village_risk_board", scope: .nation, reader: .holder, today: #require(LocalDay("2026-08-01"))))
        var scores: [String: Int64] = [:]
        for row in answer.rows.indices {
            let person = try #require(answer[row, "person"]?.text)
            #expect(scores[person] == nil, "\(person) counts twice")
            scores[person] = answer[row, "score"]?.integer
        }
        return scores
    }

    @Test func everyHistoryCountsOnceAndCorrectionsMeanTheLineOfTheirHash() throws {
        let fork = try fork()
        let expected = [persons[0]: Int64(50), persons[1]: 20, persons[2]: 10]
        // Whichever copy a node met first, and whenever the corrections came.
        for (main, branch) in [(fork.first, fork.second), (fork.second, fork.first)] {
            let parts = [
                IntakeRun(cut: 0, log: main.log, first: 0, lines: main.lines),
                IntakeRun(
                    cut: 0, log: branch.log, history: fork.history(branch), first: fork.fork,
                    lines: Array(branch.lines[Int(fork.fork)...])),
            ]
            let corrections = fork.hub.lines.enumerated().map {
                IntakeRun(cut: 0, log: fork.hub.log, first: Int64($0), lines: [$1])
            }
            for runs in [parts + corrections, corrections + parts, [parts[0]] + corrections + [parts[1]]] {
                #expect(try scores(runs) == expected)
            }
        }
    }

    @Test func whatIsCountedIsToldOfEachHistory() throws {
        let fork = try fork()
        let folder = try TestFolder()
        let engine = try folder.engine()
        let history = fork.history(fork.second)
        let intake = RunIntake([
            IntakeRun(cut: 0, log: fork.first.log, first: 0, lines: fork.first.lines),
            IntakeRun(cut: 0, log: fork.second.log, history: history, first: 1, lines: [Array("no event".utf8)]),
        ])
        _ = try engine.advance(from: intake)
        #expect(try engine.reader.counted(fork.first.log).size == 2)
        #expect(try engine.reader.counted(fork.first.log).exceptions.isEmpty)
        let counted = try engine.reader.counted(fork.first.log, history: history)
        #expect(counted.size == 2 && counted.exceptions.map(\.first) == [1])
        #expect(try engine.reader.outcome(fork.first.log, 1) == .counted)
        guard case .parked(.malformed, _) = try engine.reader.outcome(fork.first.log, history: history, 1) else {
            Issue.record("the branch's line is not parked")
            return
        }
    }
}

/// Runs of any history, held in memory; their cuts follow from their order.
private struct RunIntake: IntakeReader {
    let all: [IntakeRun]

    init(_ runs: [IntakeRun]) {
        all = runs.enumerated().map {
            IntakeRun(cut: Int64($0 + 1), log: $1.log, history: $1.history, first: $1.first, lines: $1.lines)
        }
    }

    var intakeSize: Int64 { Int64(all.count) }

    func runs(from cut: Int64, limit: Int) -> [IntakeRun] { Array(all[Int(cut)...].prefix(1)) }

    func line(_ log: LogName, _ sequence: Int64) -> [UInt8]? { line(log, history: "", sequence) }

    func author(of log: LogName) -> LogAuthor? {
        LogAuthor(region: log.audience.region ?? .nation, mayRevoke: log.audience.region?.level != .village)
    }

    func line(_ log: LogName, history: String, _ sequence: Int64) -> [UInt8]? {
        all.lazy.filter { $0.log == log && $0.history == history }
            .compactMap { run in
                run.first <= sequence && sequence < run.first + Int64(run.lines.count)
                    ? run.lines[Int(sequence - run.first)] : nil
            }.first
    }
}
