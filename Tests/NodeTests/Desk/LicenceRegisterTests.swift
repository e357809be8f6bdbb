import Event
import Foundation
import TestKit
import Testing

@testable import Node

/// What the centre's list says about a placement company on a day.
@Suite struct LicenceRegisterTests {
    private let centre: TestNode
    private let desk: Desk
    private let company = "7b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"

    init() throws {
        centre = try TestNode.centre()
        desk = Desk(node: centre.node)
    }

    private func licence(_ status: String, from: String, to: String? = nil) throws {
        var data: JSON = [
            "p3mi_id": .string(company), "name": "PT Bahari Karya Mandiri", "aliases": [["name": "Bahari Jaya"]],
            "sip3mi_no": "SIP-1/2025", "status": .string(status), "valid_from": .string(from), "hq_code": "36.04",
        ]
        if let to { data = data.setting("valid_to", to: .string(to)) }
        try centre.record("p3mi.licence_recorded", subject: company, data, role: "central_officer")
        try desk.refresh()
    }

    private func standing(_ day: String) throws -> Company.Standing {
        try #require(desk.licences.find("bahari").first).standing(on: day)
    }

    @Test func `a company is licensed between its days, both included`() throws {
        try licence("valid", from: "2025-04-01", to: "2027-03-31")
        #expect(try standing("2025-03-31") == .notYet(from: "2025-04-01"))
        #expect(try standing("2025-04-01") == .licensed(until: "2027-03-31"))
        #expect(try standing("2027-03-31") == .licensed(until: "2027-03-31"))
        #expect(try standing("2027-04-01") == .ranOut(on: "2027-03-31"))
    }

    @Test func `a suspension holds from its day on, and not before`() throws {
        try licence("suspended_full", from: "2026-05-01")
        try licence("valid", from: "2025-04-01", to: "2027-03-31")
        #expect(try standing("2026-04-30") == .licensed(until: "2027-03-31"))
        #expect(try standing("2026-05-01") == .notValid(status: "suspended_full", since: "2026-05-01"))
    }

    @Test func `a company is found by every name it has had, and by none of others`() throws {
        try licence("valid", from: "2025-04-01")
        #expect(desk.licences.find("jaya").count == 1)
        #expect(desk.licences.find("mandiri bah").count == 1)
        #expect(desk.licences.find("sinar").isEmpty)
        #expect(desk.licences.find("").isEmpty)
    }
}
