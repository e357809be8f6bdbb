import Event
import Foundation
import Store
import Sync
import TestKit
import TransparencyLog

extension Play {
    func append() throws {
        guard let machine = try writer() else { return }
        for _ in 0..<Int.random(in: 1...3, using: &dice) { try appendOne(machine) }
    }

    /// A node that is lost writes on like any other: nobody told it.
    private func writer() throws -> Machine? {
        try dice.once(in: 4) ? pick(world.writers(.hub) + world.writers(.centre)) : pick(world.writers(.village))
    }

    private func appendOne(_ machine: Machine) throws {
        switch Int.random(in: 0..<12, using: &dice) {
        case 0: try opaque(machine)
        case 1: try future(machine)
        case 2, 3: try correct(machine)
        case 4: try retract(machine)
        case 5: try register(machine)
        case 6: try imported(machine)
        default: try visit(machine)
        }
    }

    func tell(_ line: AppendedLine, _ machine: Machine, _ kind: String) throws {
        world.tell(line, machine)
        note(kind, "\(machine.label) writes \(kind) \(line.reference.short)")
        try ClockLaw(world).check(line, by: machine)
    }

    /// A village that a hub or the centre writes for, or the writer's own region.
    private func audience(_ machine: Machine) throws -> RegionCode? {
        guard machine.site.role != .village, dice.once(in: 2) else { return nil }
        let own = try machine.own.region
        let regions = try Site.villages.map { try RegionCode($0.region) }.filter { $0.isAtOrBelow(own) }
        return pick(regions)
    }

    static let purposes = ["routine", "first_contact", "follow_up"]

    func visitData(_ household: String) -> JSON {
        .object([
            JSONMember("household_id", .string(household)), JSONMember("purpose", .string("routine")),
            JSONMember("channel", .string("home")), JSONMember("started_at", .string("2026-08-14T09:00:00+07:00")),
            JSONMember("met", .string("met")),
        ])
    }

    private func visit(_ machine: Machine) throws {
        let household = uuid()
        let line = try machine.append(
            "visit.recorded", subject: household, data: visitData(household), audience: try audience(machine),
            lane: dice.once(in: 4) ? "urgent" : "main", wall: world.tick())
        try tell(line, machine, "visit")
    }

    /// The same row of the same list, perhaps imported by several.
    private func imported(_ machine: Machine) throws {
        let row = Int.random(in: 0..<3, using: &dice)
        let household = "00000000-0000-4000-8000-00000000000\(row)"
        let line = try machine.append(
            "visit.recorded", subject: household, data: visitData(household), wall: world.tick(), dedupe: "list/\(row)")
        try tell(line, machine, "imported")
    }

    private func register(_ machine: Machine) throws {
        let person = uuid()
        let line = try machine.append(
            "person.registered", subject: person,
            data: .object([
                JSONMember("birth_year", .int(1_990)), JSONMember("sex", .string("F")),
                JSONMember("role", .string("cpmi")), JSONMember("stage", .string("before")),
                JSONMember("domicile_code", .string(Site.lontarA.region)),
                JSONMember("lawful_basis", .string("consent")), JSONMember("source", .string("home")),
            ]), wall: world.tick())
        try tell(line, machine, "person")
    }

    /// Bytes that are no event.
    private func opaque(_ machine: Machine) throws {
        let bytes = Array("kosong \(dice.next())".utf8)
        let line = try machine.append(audience: try machine.own.region, lane: "main", wall: world.tick()) { _ in bytes }
        try tell(line, machine, "opaque")
    }

    /// A type that nobody here knows yet.
    private func future(_ machine: Machine) throws {
        let line = try machine.append(
            "future.recorded", subject: uuid(), data: .object([JSONMember("x", .int(1))]), wall: world.tick(),
            version: 9)
        try tell(line, machine, "future")
    }

    // MARK: - Second thoughts

    /// Something that this machine holds and may correct: what was written for its own region, or for one below.
    private func target(_ machine: Machine, _ types: Set<String>) throws -> (LineReference, RegionCode)? {
        let own = try machine.own.region
        var found: [(LineReference, RegionCode)] = []
        for row in try machine.heads() {
            guard let region = row.log.audience.region, region.isAtOrBelow(own) else { continue }
            for (sequence, bytes) in try machine.lines(row).enumerated() {
                guard let line = try? EventLine(parsing: bytes), types.contains(line.type) else { continue }
                found.append(
                    (
                        try LineReference(
                            log: row.log, sequence: Int64(sequence), leafHash: Hash.leaf(bytes).bytes), region
                    ))
            }
        }
        return pick(found)
    }

    private func correct(_ machine: Machine) throws {
        guard let (target, region) = try target(machine, ["visit.recorded"]) else { return try visit(machine) }
        let purpose = pick(Self.purposes) ?? "routine"
        try tell(correction(of: target, machine, region, purpose: purpose), machine, "correction")
    }

    func correction(
        of target: LineReference, _ machine: Machine, _ region: RegionCode, purpose: String
    ) throws -> AppendedLine {
        try machine.append(
            "record.corrected", subject: uuid(),
            data: .object([
                JSONMember("target", .string(target.description)), JSONMember("reason", .string("typo")),
                JSONMember("patch", .object([JSONMember("purpose", .string(purpose))])),
            ]), audience: region, wall: world.tick())
    }

    private func retract(_ machine: Machine) throws {
        let types: Set<String> = ["visit.recorded", "record.corrected", "record.retracted", "person.merged"]
        guard let (target, region) = try target(machine, types) else { return try visit(machine) }
        let line = try machine.append(
            "record.retracted", subject: uuid(),
            data: .object([
                JSONMember("target", .string(target.description)), JSONMember("reason", .string("wrong_person")),
            ]), audience: region, wall: world.tick())
        try tell(line, machine, "retraction")
    }

    /// A hub finds that two records are of one person; sometimes by mistake.
    func merge() throws {
        guard let hub = try pick(world.writers(.hub)) else { return }
        var persons: [(String, RegionCode)] = []
        for row in try hub.heads() {
            guard let region = row.log.audience.region, region.isAtOrBelow(try hub.own.region) else { continue }
            for bytes in try hub.lines(row) {
                guard let line = try? EventLine(parsing: bytes), line.type == "person.registered" else { continue }
                persons.append((line.subject, region))
            }
        }
        if persons.count < 2 { persons += [(uuid(), try hub.own.region), (uuid(), try hub.own.region)] }
        guard let (kept, region) = pick(persons), let (absorbed, _) = pick(persons.filter { $0.0 != kept }) else {
            return
        }
        let line = try hub.append(
            "person.merged", subject: kept,
            data: .object([
                JSONMember("survivor_id", .string(kept)), JSONMember("absorbed_id", .string(absorbed)),
                JSONMember("match_basis", .array([.string("nik")])), JSONMember("reviewed_by_second", .bool(true)),
            ]), audience: region, wall: world.tick())
        try tell(line, hub, "merge")
    }
}

extension LineReference {
    /// For reports: the log's node and epoch, lane, and sequence.
    var short: String {
        "\(log.node)/\(log.audience):\(log.lane)/\(log.epoch.description.prefix(4))#\(sequence)"
    }
}
