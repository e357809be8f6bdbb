import Event
import Foundation
import ReadModels
import Store

/// That a person left a village, as all lines about it come to.
public struct PersonMove: Sendable, Hashable {
    public let person: String
    public let from: RegionCode
    public let to: RegionCode
    /// Where the person is now: elsewhere than `to` after a further move.
    public let now: RegionCode
    public let movedOn: String
    /// The day on which keys and lines had been handed on; nil before.
    public let handedOverOn: String?
}

extension Node {
    /// Every move known here; empty before the read models have taken them in.
    public func personMoves() throws -> [PersonMove] {
        guard try store.knowsMoves() else { return [] }
        let answer: Answer
        do {
            answer = try modelReader.query(
                ModelQuery(
                    "person_moves", limit: 100_000, scope: .nation, reader: .holder,
                    today: LocalDay(milliseconds: 0, offsetMinutes: 0)))
        } catch is ReadModelError {
            // Not built yet: nothing is handed over before they are.
            return []
        }
        return answer.rows.indices.compactMap { row in
            guard let person = answer[row, "person"]?.text,
                let from = answer[row, "from_village"]?.text.flatMap({ try? RegionCode($0) }),
                let to = answer[row, "to_village"]?.text.flatMap({ try? RegionCode($0) }),
                let now = answer[row, "now_village"]?.text.flatMap({ try? RegionCode($0) }), now.level == .village
            else { return nil }
            return PersonMove(
                person: person, from: from, to: to, now: now, movedOn: answer[row, "moved_on"]?.text ?? "",
                handedOverOn: answer[row, "handed_over_on"]?.text)
        }
    }
}

extension Node {
    /// Records that a person moved, in the village that was left or at its hub; the rest follows with the syncs.
    ///
    /// - Parameter day: the local day of the move; nil is today.
    @discardableResult
    public func recordMove(
        of person: String, to village: RegionCode, on day: String? = nil, actor: String, role: String
    ) throws -> AppendedLine {
        guard village.level == .village else {
            throw NodeError(.badInput, "\(village) is no village", advice: "give its ten digits, e.g. 36.04.13.2008")
        }
        guard let former = try villageNow(of: person) else {
            throw NodeError(
                .badInput, "no village of \(own.region) has a record of the person \(person)",
                advice: "the move is recorded in the village that was left, or at its hub")
        }
        guard former != village else {
            throw NodeError(
                .badInput, "\(person) is of \(village) already", advice: "nothing was recorded; look at the code")
        }
        return try recorder.record(
            Draft(
                type: "person.moved", subject: person,
                data: [
                    "person_id": .string(person), "to_village": .string(village.description),
                    "moved_on": .string(day ?? localDay(now())),
                ], actor: actor, role: role, audience: former))
    }

    /// The village that serves a person, as far as is known here.
    private func villageNow(of person: String) throws -> RegionCode? {
        guard own.role != .village else { return try store.privacyLines(about: person).isEmpty ? nil : own.region }
        let held = try keyring.keys.names(of: person).last.flatMap { try? RegionCode($0.region) }
        if let held, held.level == .village, held.isAtOrBelow(own.region) { return held }
        return try village(of: person)
    }
}
