import Event
import Foundation
import GRDB
import Store
import TestKit
import Testing

/// What was confirmed survives any death: real processes die by SIGKILL at the crash points 1 to 8, and the centre ends
/// with exactly the lines that were confirmed.
///
/// The seed says who dies where; how the processes run beside each other it cannot say. `SIMPUL_KILL_SEED` takes one.
@Suite(.timeLimit(.minutes(10))) struct `processes that are killed` {
    private static let worlds = 3

    @Test func `leave the centre with exactly the confirmed lines, at 200 deaths and more`() async throws {
        let seed =
            ProcessInfo.processInfo.environment["SIMPUL_KILL_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...999_999)
        print("kill test: SIMPUL_KILL_SEED=\(seed)")
        let outcomes = try await withThrowingTaskGroup(of: KillOutcome.self) { group in
            for number in 0..<Self.worlds {
                group.addTask { try await KillOutcome.of(seed: seed * 10 + UInt64(number)) }
            }
            return try await group.reduce(into: [KillOutcome]()) { $0.append($1) }
        }
        for outcome in outcomes { #expect(outcome.findings == [], "seed \(seed), world \(outcome.seed)") }

        let deaths = outcomes.flatMap(\.deaths)
        let byPoint = Dictionary(grouping: deaths, by: \.death.point).mapValues(\.count)
        let byVictim = Dictionary(grouping: deaths, by: \.victim).mapValues(\.count)
        for point in CrashPoint.allCases { print("kill test: \(byPoint[point, default: 0]) at \(point.rawValue)") }
        for victim in Victim.allCases { print("kill test: \(byVictim[victim, default: 0]) of \(victim.rawValue)") }
        let lines = outcomes.reduce(0) { $0 + $1.confirmed }
        print(
            "kill test: \(deaths.count) deaths, confirmed \(lines), at the centre \(outcomes.reduce(0) { $0 + $1.arrived })"
        )
        #expect(deaths.count >= 200)
        for point in CrashPoint.allCases { #expect(byPoint[point, default: 0] >= 10, "\(point)") }
        for victim in Victim.allCases { #expect(byVictim[victim, default: 0] >= 3, "\(victim)") }
    }
}

/// How one world ended.
struct KillOutcome: Sendable {
    let seed: UInt64
    var deaths: [Sentence] = []
    var findings: [String] = []
    /// Lines confirmed to somebody, and those of them that the centre holds.
    var confirmed = 0
    var arrived = 0

    /// On a thread of its own, since it waits for processes all the time.
    static func of(seed: UInt64) async throws -> KillOutcome {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try KillOutcome(playing: seed) }) }
        }
    }

    private init(playing seed: UInt64) throws {
        self.seed = seed
        let world = try KillWorld(seed: seed)
        try world.play()
        deaths = world.deaths
        findings = world.findings
        let lines = try StoredLines.all(world.folder(world.centre))
        findings += try world.journal.findings(in: lines).map(\.description)
        confirmed = world.journal.confirmed.count
        arrived = world.journal.confirmed.filter { lines[$0.key] == $0.value }.count
        try checkNodes(world, atCentre: lines)
        try checkPlantedMistakes(world)
    }

    /// Everybody's own lines are at the centre, byte for byte; trees verify; read models equal their rebuild.
    private mutating func checkNodes(_ world: KillWorld, atCentre lines: [LineKey: [UInt8]]) throws {
        for node in world.villages.map(\.name) + [world.hub, world.centre] {
            for (place, bytes) in try StoredLines.all(world.folder(node)) where lines[place] != bytes {
                findings.append("\(place) is on \(node) and not, or otherwise, at the centre")
            }
            try world.succeed(["log", "verify"], on: node)
            try world.succeed(["query", "--list"], on: node)
            let models = try StoredLines.models(world.folder(node))
            try world.succeed(["rebuild"], on: node)
            let rebuilt = try StoredLines.models(world.folder(node))
            for name in Set(models.keys).union(rebuilt.keys) where models[name] != rebuilt[name] {
                findings.append("\(name) on \(node) differs from its rebuild")
            }
            if models["parked"] != [] { findings.append("\(node) has parked lines") }
            if models.values.allSatisfy(\.isEmpty) { findings.append("\(node) has no rows in any read model") }
        }
    }

    /// The same check over the same centre must find each mistake that is made in a copy of its file.
    private mutating func checkPlantedMistakes(_ world: KillWorld) throws {
        let folder = try world.copy(of: world.centre)
        guard let place = world.journal.confirmed.keys.min(by: { "\($0)" < "\($1)" }) else {
            findings.append("nothing was confirmed")
            return
        }
        for holder in [world.hub, world.centre] {
            let short = try StoredLines.sizes(world.folder(holder)).mapValues { $0 - 1 }
            if try world.excess(of: holder, holding: short).isEmpty {
                findings.append("the check does not see that \(holder) holds less than it stated")
            }
        }
        for mistake in PlantedMistake.allCases {
            let found = try mistake.isFound(by: world.journal, in: folder, at: place)
            if !found { findings.append("the check does not see: \(mistake.rawValue)") }
        }
    }
}

/// A mistake made in a copy of a centre's file, to see that the check can fail.
enum PlantedMistake: String, CaseIterable {
    case deleted = "a confirmed line is deleted"
    case changed = "one byte of a confirmed line is another"
    case added = "a line nobody recorded"

    func isFound(by journal: LineJournal, in folder: String, at place: LineKey) throws -> Bool {
        let queue = try DatabaseQueue(path: folder + "/log.db")
        let id = try queue.read { db in
            try Int64.fetchOne(
                db, sql: "SELECT id << 40 | ? FROM log WHERE name = ?", arguments: [place.sequence, place.log])
        }
        guard let id,
            let bytes = try queue.read({
                try Data.fetchOne($0, sql: "SELECT bytes FROM line WHERE id = ?", arguments: [id])
            })
        else { return false }
        let other = LineKey(log: place.log, sequence: 1_000_000)
        let otherID = id - place.sequence + other.sequence
        let wanted: LineJournal.Finding
        switch self {
        case .deleted:
            try queue.write { try $0.execute(sql: "DELETE FROM line WHERE id = ?", arguments: [id]) }
            wanted = .missing(place)
        case .changed:
            let text = String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "2026-", with: "2027-")
            try queue.write { db in
                try db.execute(sql: "UPDATE line SET bytes = ? WHERE id = ?", arguments: [Data(text.utf8), id])
            }
            wanted = .changed(place)
        case .added:
            let subject = try EventLine(parsing: [UInt8](bytes)).subject
            let text = String(decoding: bytes, as: UTF8.self)
                .replacingOccurrences(of: subject, with: "ffffffff-ffff-4fff-8fff-ffffffffffff")
            try queue.write { db in
                try db.execute(
                    sql: "INSERT INTO line (id, bytes) VALUES (?, ?)", arguments: [otherID, Data(text.utf8)])
            }
            wanted = .unaccounted(other)
        }
        let findings = try journal.findings(in: StoredLines.all(folder))
        try queue.write { db in
            try db.execute(sql: "DELETE FROM line WHERE id IN (?, ?)", arguments: [id, otherID])
            try db.execute(sql: "INSERT INTO line (id, bytes) VALUES (?, ?)", arguments: [id, bytes])
        }
        try queue.close()
        return findings == [wanted]
    }
}
