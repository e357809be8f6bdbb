import Catalogue
import Event
import Foundation
import ReadModels
import Store
import Sync
import TestKit

@testable import Node

/// A hub with two villages, and a person of the first who goes to the second.
struct HandoverScene {
    let centre: TestNode
    let hub: TestNode
    let lontar: TestNode
    let kramat: TestNode
    let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
    let other = "6c1f7d6e-8a51-4c39-9f0e-2c1d3a4b5c61"
    static let kramatCode = "36.04.13.2008"
    private static let now: @Sendable () -> Date = { Date(timeIntervalSince1970: 1_786_676_400) }

    init() throws {
        centre = try TestNode.centre(now: Self.now)
        hub = try centre.child("hub-serang", region: "36.04", role: .hub, now: Self.now)
        lontar = try hub.child("lontar-a", region: "36.04.13.2007", role: .village, now: Self.now)
        kramat = try hub.child("kramat-a", region: Self.kramatCode, role: .village, now: Self.now)
    }

    /// One more laptop of the first village.
    func sibling() throws -> TestNode {
        try hub.child("lontar-b", region: "36.04.13.2007", role: .village, now: Self.now)
    }

    /// Everything in both directions, with what each does after a sync, until nothing is written any more.
    func sync(_ villages: [TestNode]? = nil) throws {
        let villages = villages ?? [lontar, kramat]
        for _ in 0..<3 {
            for village in villages {
                try village.carry(to: hub)
                try hub.node.handOver()
                try hub.carry(to: village)
                try village.node.handOver()
            }
            try hub.carry(to: centre)
            try centre.node.handOver()
            try centre.carry(to: hub)
        }
    }

    @discardableResult
    func register(_ id: String, _ name: String, at node: TestNode) throws -> AppendedLine {
        try node.record(
            "privacy.consent_granted", subject: id,
            [
                "person_id": .string(id), "purposes": ["protection"], "form": "written", "language": "id",
                "text_version": "1.2.0", "given_by": "self",
            ], role: "community_organizer")
        return try node.record(
            "person.registered", subject: id,
            [
                "full_name": .string(name), "birth_year": 1998, "sex": "F", "role": "cpmi", "stage": "before",
                "domicile_code": "36.04.13.2007", "lawful_basis": "consent", "source": "home",
            ], role: "community_organizer")
    }

    @discardableResult
    func openCase(at node: TestNode) throws -> AppendedLine {
        try node.record(
            "case.opened",
            [
                "person_id": .string(person), "opened_on": "2026-08-13", "reporter_kind": "organizer",
                "kind": "illegal_recruitment", "stage": "before", "country": "SA",
                "summary": "Rohmah Kanari takut", "immediate_danger": false, "safe_channel": "phone",
            ], role: "community_organizer")
    }

    @discardableResult
    func visit(_ note: String, at node: TestNode) throws -> AppendedLine {
        try node.record(
            "contact.checked", subject: person,
            [
                "person_id": .string(person), "checked_on": "2026-08-14", "contact": "ok",
                "last_contact_on": "2026-08-12", "wage_ok": "yes", "holds_passport": "agent",
                "job_as_promised": "yes", "location_known": true, "note": .string(note),
            ], role: "community_organizer")
    }

    func move() throws {
        try lontar.node.recordMove(
            of: person, to: RegionCode(Self.kramatCode), actor: "test-1", role: "community_organizer")
    }

    // MARK: - What is seen

    static func rows(_ model: String, _ filters: [Filter] = [], at node: TestNode) throws -> Answer {
        try node.node.projectWhole()
        return try node.node.modelReader.query(
            ModelQuery(
                model, filters: filters, scope: node.node.own.region, reader: .holder,
                today: LocalDay(milliseconds: 1_786_676_400_000, offsetMinutes: 420)))
    }

    /// Villages of the persons counted, with how many.
    static func counted(at node: TestNode) throws -> [String: Int64] {
        let answer = try rows("people_by_stage", at: node)
        return answer.rows.indices.reduce(into: [:]) { counts, row in
            counts[answer[row, "village"]?.text ?? "", default: 0] += answer[row, "n"]?.integer ?? 0
        }
    }

    func name(at node: TestNode) throws -> String? {
        let desk = Desk(node: node.node)
        try desk.refresh()
        return desk.people.card(person)?.name
    }
}
