import Event
import Foundation
import Testing

/// `simpul keys` and `simpul erase`, as operators use them: a village and the server above it.
@Suite struct EraseTests {
    private static let consent =
        #"{"person_id":"PERSON","purposes":["protection"],"form":"written","language":"id","text_version":"1.2.0","given_by":"self"}"#
    private static let registration =
        #"{"full_name":"Rohmah Kanari","birth_year":1998,"sex":"F","role":"cpmi","stage":"before","domicile_code":"36.04.13.2007","lawful_basis":"consent","source":"home"}"#
    private let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"

    private func register(at village: TestNode) throws {
        try village.record(
            "privacy.consent_granted", Self.consent.replacingOccurrences(of: "PERSON", with: person))
        try village.record("person.registered", Self.registration, "--subject", person)
    }

    @Test func `keys are listed and rotated without a secret or a name`() throws {
        let server = try TestServer()
        let village = try server.village()
        try register(at: village)
        let listed = try village.run("keys", "list", "--english")
        #expect(listed.code == 0)
        #expect(listed.output.contains(person) && listed.output.contains("held here"))
        let rotated = try village.run("keys", "rotate", person)
        #expect(rotated.code == 0)
        #expect(rotated.lines.first?.hasPrefix(person + "/") == true)
        let shown = try village.run("keys", "show", person, "--english")
        #expect(shown.lines.filter { $0.hasPrefix(person) }.count == 2)
        for result in [listed, rotated, shown] { #expect(!result.output.contains("Rohmah")) }
        let missing = try village.run("keys", "rotate", "11c9df64-db34-4c56-8821-715253ba1111")
        #expect(missing.code == 65)
        #expect(missing.errors.contains("holds no key"))
    }

    @Test func `an erasure is asked for at the village, ordered above it, and shown until all have confirmed`() throws {
        let server = try TestServer()
        let village = try server.village()
        try register(at: village)
        #expect(try village.run("erase", person, "--request").code == 0)
        let refused = try village.run("erase", person, "--reason", "request", "--yes")
        #expect(refused.code == 65)
        #expect(refused.errors.contains("ordered by the hub"))
        #expect(try village.run("sync").code == 0)

        let waiting = try server.node.run("erase", "--status", "--english")
        #expect(waiting.output.contains("requested") && waiting.output.contains("hours left"))
        let wrong = try server.node.run("erase", person, "--reason", "because", "--yes")
        #expect(wrong.code == 65)
        let ordered = try server.node.run("erase", person, "--reason", "request", "--yes", "--english")
        #expect(ordered.code == 0, "\(ordered.errors)")
        #expect(try village.run("log", "show", "--personal").output.contains("Rohmah Kanari"))
        #expect(try village.run("sync").code == 0)
        let after = try village.run("log", "show", "--personal", "--english")
        #expect(!after.output.contains("Rohmah") && after.output.contains("[erased]"))
        #expect(try village.run("sync").code == 0)
        let status = try server.node.json("erase", "--status", "--json")
        let states = status["nodes"]?.arrayValue?.compactMap { $0["state"]?.stringValue } ?? []
        #expect(states == ["confirmed", "confirmed"])
        #expect(try server.node.run("erase", "--status", "--english").output.contains("done"))
    }
}
