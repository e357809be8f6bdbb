import Event
import Testing

@testable import ReadModels

@Suite struct ExplainTests {
    @Test func linesBehindARowOfAFoldARollUpAndAView() throws {
        let log = try LogWriter("desa-0/36.04.13.2007:main/0000000000000000")
        let data: JSON = [
            "person_id": "p", "episode_id": "e", "left_on": "2026-07-03", "country": "SA", "visa": "ziarah",
            "legal_status": "unknown", "evidence": "family",
        ]
        let one = try log.add("departure.recorded", subject: "e-1", occurred: "2026-07-04", data: data)
        let two = try log.add("departure.recorded", subject: "e-2", occurred: "2026-07-03", data: data)
        try log.add("departure.recorded", subject: "e-3", occurred: "2026-06-03", data: data)
        let intake = ArrayIntake([log.run()])
        let folder = try TestFolder()
        let engine = try folder.engine()
        _ = try engine.advance(from: intake)
        func explain(_ model: String, _ key: [ModelValue], scope: String = "id") throws -> [ExplainedLine] {
            try engine.reader.explain(model, key: key, scope: RegionCode(scope), reader: .holder, intake: intake)
        }
        #expect(try explain("departure_fact", ["e-1"]).map(\.line) == [one])
        #expect(try explain("departure_counts", ["36.04.13.2007", "36.04", "2026-07"]).map(\.line) == [two, one])
        let lines = try explain("departures_by_month", ["36.04.13.2007", "36.04", "2026-07"])
        #expect(lines.map(\.line) == [two, one])
        #expect(lines[0].type == "departure.recorded")
        #expect(lines[0].subject == "e-2")
        #expect(lines[0].occurredAt == "2026-07-03")
        #expect(lines[0].knownFrom == 1)
        #expect(try explain("departures_by_month", ["36.04.13.2007", "36.04", "2026-07"], scope: "36.05").isEmpty)
        #expect(try explain("person_events", [.text(log.log.description), 0, "p"]).map(\.line) == [one])
    }
}
