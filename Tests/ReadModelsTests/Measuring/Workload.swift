import Event
import ReadModels

/// Lines in the mix of the workload model (catalogue, section E), made as they are asked for: the same ones for the
/// same numbers. Nothing is kept, so that a million lines cost no memory.
struct Workload: IntakeReader {
    var villages: Int
    /// Lines of each village in each round; a run is one village's lines of one round.
    var linesPerRun: Int
    var rounds: Int
    var persons = 100

    var intakeSize: Int64 { Int64(villages * rounds) }

    func runs(from cut: Int64, limit: Int) throws -> [IntakeRun] {
        var runs: [IntakeRun] = []
        var cut = Int(cut)
        while cut < villages * rounds, runs.count * linesPerRun < limit {
            let (round, village) = cut.quotientAndRemainder(dividingBy: villages)
            let writer = VillageLines(village: village, persons: persons)
            let first = round * linesPerRun
            runs.append(
                IntakeRun(
                    cut: Int64(cut + 1), log: try LogName(writer.log), first: Int64(first),
                    lines: (first..<(first + linesPerRun)).map { writer.line($0) }))
            cut += 1
        }
        return runs
    }

    /// As the log's own name has it: who writes for a village is of it.
    func author(of log: LogName) -> LogAuthor? {
        let region = log.audience.region ?? .nation
        return LogAuthor(region: region, mayRevoke: region.level != .village)
    }

    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? {
        guard let village = Int(log.node.description.drop { $0 != "-" }.dropFirst()) else { return nil }
        return VillageLines(village: village, persons: persons).line(Int(sequence))
    }
}

/// The lines of one village, each worked out from its number.
struct VillageLines {
    let village: Int
    let persons: Int
    let code: String
    let log: String

    init(village: Int, persons: Int) {
        self.village = village
        self.persons = persons
        func digits(_ number: Int, _ count: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: count - text.utf8.count) + text
        }
        code =
            "\(11 + village / 4_000 % 80).\(digits(1 + village / 200 % 20, 2)).\(digits(1 + village / 10 % 20, 2))."
            + digits(2_001 + village % 10, 4)
        log = "desa-\(village)/\(code):main/\(digits(village, 16))"
    }

    private func number(_ sequence: Int, _ salt: UInt64) -> UInt64 {
        var generator = SeededGenerator(seed: UInt64(village) << 32 | UInt64(sequence) ^ salt << 56)
        return generator.next()
    }

    private func uuid(_ kind: UInt64, _ index: Int) -> String {
        var generator = SeededGenerator(seed: UInt64(village) << 32 | UInt64(index) | kind << 60)
        return generator.uuid()
    }

    func line(_ sequence: Int) -> [UInt8] {
        let roll = number(sequence, 1)
        let person = uuid(1, Int(number(sequence, 2) % UInt64(persons)))
        let household = uuid(2, Int(number(sequence, 3) % UInt64(max(1, persons / 2))))
        let day = "2026-0\(1 + number(sequence, 4) % 9)-\(10 + number(sequence, 5) % 18)"
        switch roll % 1_000 {
        case ..<330:
            return line(
                sequence, "visit.recorded", household, day + "T10:00:00+07:00",
                """
                {"household_id":"\(household)","person_ids":["\(person)"],"purpose":"routine","channel":"home",\
                "started_at":"\(day)T10:00:00+07:00","duration_min":40,"enclave":true,"met":"met",\
                "topics":["visa","procedure"],"next_visit_on":"2026-12-01"}
                """)
        case ..<480:
            return line(
                sequence, "information.provided", uuid(3, sequence), day,
                """
                {"provided_on":"\(day)","audience":"person","person_id":"\(person)","topics":["visa","kur"],\
                "stage":"before","programme":"P10"}
                """)
        case ..<630:
            return line(
                sequence, "contact.checked", person, day,
                """
                {"person_id":"\(person)","checked_on":"\(day)","contact":"ok","last_contact_on":"\(day)","wage_ok":"yes",\
                "holds_passport":"self","job_as_promised":"yes","location_known":true,"wellbeing":4}
                """)
        case ..<730:
            return line(
                sequence, "household.profiled", household, day,
                """
                {"household_id":"\(household)","members":5,"children_left":2,"caregiver":"spouse",\
                "remittance_band":"b1","remittance_use":["consumption","school"],"needs":["kur"]}
                """)
        case ..<780:
            return line(
                sequence, "risk.screened", person, day,
                """
                {"person_id":"\(person)","screened_on":"\(day)","stage":"before","country":"SA","visa":"ziarah",\
                "answers":[{"indicator":"R01","answer":"yes"},{"indicator":"R02","answer":"no"}],"safe_to_contact":true,\
                "rules_version":"0.1.0","score_local":\(roll % 100),"band_local":"high","incomplete_local":false,\
                "reasons_local":["R01","R05"],"hard_local":[]}
                """)
        case ..<850:
            return line(
                sequence, "person.registered", person, day,
                """
                {"personal":{"key":"\(person)/1","box":"\(String(repeating: "QUJD", count: 40))"},"birth_year":1990,\
                "sex":"F","role":"cpmi","stage":"before","domicile_code":"\(code)","lawful_basis":"consent","source":"home"}
                """)
        case ..<900:
            return line(
                sequence, "person.stage_changed", person, day,
                """
                {"person_id":"\(person)","from_stage":"before","to_stage":"during","legal_status":"procedural",\
                "country":"TW","since":"\(day)","evidence":"family"}
                """)
        case ..<940:
            let enterprise = uuid(4, Int(roll % 3))
            return line(
                sequence, "enterprise.performance_reported", enterprise, String(day.prefix(7)),
                """
                {"enterprise_id":"\(enterprise)","month":"\(day.prefix(7))","turnover":\(roll % 9_000_000),"workers":6,\
                "status":"running","kur_used":true}
                """)
        case ..<960:
            let episode = uuid(5, sequence)
            return line(
                sequence, "departure.recorded", episode, day,
                """
                {"person_id":"\(person)","episode_id":"\(episode)","left_on":"\(day)","country":"SA","visa":"ziarah",\
                "legal_status":"unknown","evidence":"family"}
                """)
        case ..<970: return caseLine(sequence, person, day)
        case ..<995:
            return line(
                sequence, "document.checked", person, day,
                """
                {"person_id":"\(person)","checked_on":"\(day)","doc":"passport","state":"seen","evidence":"document_seen"}
                """)
        default: return correction(sequence)
        }
    }

    private func caseLine(_ sequence: Int, _ person: String, _ day: String) -> [UInt8] {
        line(
            sequence, "case.opened", uuid(6, sequence), day,
            """
            {"person_id":"\(person)","opened_on":"\(day)","reporter_kind":"family","kind":"illegal_recruitment",\
            "stage":"before","personal":{"key":"\(person)/1","box":"QUJD"},"immediate_danger":false,"safe_channel":"phone"}
            """)
    }

    /// Moves the day of an earlier line.
    private func correction(_ sequence: Int) -> [UInt8] {
        let target = max(0, sequence - 1 - Int(number(sequence, 7) % 40))
        guard sequence > 0, number(target, 1) % 1_000 < 995 else { return caseLine(sequence, uuid(1, 0), "2026-05-05") }
        let hash = leafHash(line(target)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return line(
            sequence, "record.corrected", uuid(1, 0), "2026-09-09",
            """
            {"target":"\(log)#\(target)~\(hash)","reason":"wrong_date","patch":{"occurredat":"2026-02-02"}}
            """)
    }

    private func line(
        _ sequence: Int, _ type: String, _ subject: String, _ occurred: String, _ data: String
    ) -> [UInt8] {
        let moment: Int64 = 1_790_000_000_000 + Int64(sequence) * 60_000
        let time = DateTime(milliseconds: moment, offsetMinutes: 420)
        let clock = HybridTimestamp(milliseconds: moment, counter: 0)
        return Array(
            """
            {"specversion":"1.0","type":"\(type)","source":"\(log)","id":"\(sequence)","subject":"\(subject)",\
            "time":"\(time)","dataschema":"simpul:\(type)/1","hlc":"\(clock)","occurredat":"\(occurred)",\
            "actor":"a-\(village)-\(sequence % 3)","role":"community_organizer","region":"\(code)",\
            "regionedition":"2025-2430","data":\(data)}
            """.utf8)
    }
}
