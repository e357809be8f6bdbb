import Event
import ReadModels
import Store
import Sync
import TransparencyLog

/// What the centre's lines should come to, worked out from the protocol's words alone: no order of arrival goes in.
final class Expectation {
    private struct Line {
        let log: LogName
        let sequence: Int64
        let hash: Hash
        let event: EventLine?
        var place: String { "\(log)#\(sequence)~\(hash.hex)" }
    }

    private var lines: [Line] = []
    /// Corrections and retractions, by the exact line that they name.
    private var amending: [String: [Line]] = [:]
    private var revocations: [Line] = []
    private var regions: [String: RegionCode] = [:]
    private var roles: [String: Enrolment.Role] = [:]
    private var deciding: Set<String> = []
    private(set) var quarantined: Set<String> = []
    private(set) var notUnderstood: Set<String> = []

    init(_ centre: Machine) throws {
        for known in try centre.store.enrolments() {
            let key = "\(known.enrolment.node)/\(known.enrolment.epoch)"
            (regions[key], roles[key]) = (known.enrolment.region, known.enrolment.role)
        }
        var seen: Set<String> = []
        for head in try centre.heads() {
            for (sequence, bytes) in try centre.lines(head).enumerated() {
                let line = Line(
                    log: head.log, sequence: Int64(sequence), hash: Hash.leaf(bytes),
                    event: try? EventLine(parsing: bytes))
                // What several histories have in common is there once.
                if seen.insert(line.place).inserted { add(line) }
            }
        }
        for line in lines {
            if isQuarantined(line) { quarantined.insert(line.place) }
            guard let event = line.event, event.type != "future.recorded" else {
                notUnderstood.insert(line.place)
                continue
            }
        }
    }

    private func add(_ line: Line) {
        lines.append(line)
        guard let event = line.event else { return }
        if event.type == "node.revoked" { revocations.append(line) }
        if event.type == "record.corrected" || event.type == "record.retracted",
            let target = event.data["target"]?.stringValue
        {
            amending[target, default: []].append(line)
        }
    }

    // MARK: - What stands

    /// Past a size at which somebody above revoked its author.
    private func isQuarantined(_ line: Line) -> Bool {
        let author = "\(line.log.node)/\(line.log.epoch)"
        return revocations.contains { revocation in
            guard let event = revocation.event, event.data["node"]?.stringValue == line.log.node.description,
                event.data["epoch"]?.stringValue == line.log.epoch.description, let region = regions[author],
                let authority = regions["\(revocation.log.node)/\(revocation.log.epoch)"],
                roles["\(revocation.log.node)/\(revocation.log.epoch)"] != .village, region != authority,
                region.isAtOrBelow(authority), stands(revocation), !isRetracted(revocation)
            else { return false }
            // Corrections of it, the last by meaning first.
            let sizes =
                corrections(of: revocation).last.flatMap { $0.event?.data["patch"]?["sizes"] } ?? event.data["sizes"]
            guard let list = sizes?.arrayValue else { return false }
            let named = list.filter { $0["log"]?.stringValue == line.log.description }
                .compactMap { $0["size"]?.intValue }.min()
            return line.sequence >= named ?? 0
        }
    }

    private func stands(_ line: Line) -> Bool { !isQuarantined(line) }

    private func isRetracted(_ line: Line) -> Bool {
        amendments(of: line, "record.retracted").contains { stands($0) && !isRetracted($0) }
    }

    private func corrections(of line: Line) -> [Line] {
        amendments(of: line, "record.corrected").filter { stands($0) && !isRetracted($0) }
            .sorted { left, right in
                guard let first = left.event, let second = right.event else { return false }
                return (first.hybridTime, left.place) < (second.hybridTime, right.place)
            }
    }

    private func amendments(of line: Line, _ type: String) -> [Line] {
        (amending[line.place] ?? []).filter { amendment in
            amendment.event?.type == type
                && amendment.log.audience.region.flatMap { region in
                    line.log.audience.region.map { $0.isAtOrBelow(region) }
                } == true
        }
    }

    // MARK: - What the models should show

    /// Visits that count, by household, with the purposes that they may have.
    private func visits() -> [String: Set<String>] {
        var visits: [String: Set<String>] = [:]
        for line in lines {
            guard let event = line.event, event.type == "visit.recorded", stands(line), !isRetracted(line),
                let purpose = event.data["purpose"]?.stringValue
            else { continue }
            let patched = corrections(of: line).compactMap { $0.event?.data["patch"]?["purpose"]?.stringValue }
            // Of several corrections the clocks decide, which are wrong here: one of them it is.
            visits[event.subject, default: []].formUnion(patched.isEmpty ? [purpose] : patched)
        }
        return visits
    }

    func check(_ reader: ModelReader) throws {
        guard let today = LocalDay("2026-09-01") else { return }
        let answer = try reader.query(
            ModelQuery("household_visits", limit: 100_000, scope: .nation, reader: .holder, today: today))
        var shown: [String: String] = [:]
        for row in answer.rows.indices {
            shown[answer[row, "household"]?.text ?? ""] = answer[row, "purpose"]?.text ?? ""
        }
        let expected = visits()
        for household in Set(shown.keys).union(expected.keys).sorted() {
            let (shown, expected) = (shown[household], expected[household])
            switch (shown, expected) {
            case (let shown?, let expected?) where expected.contains(shown): continue
            case (nil, _?):
                throw Violation(invariant: 5, node: "pusat", what: "the visit to \(household) is not counted")
            case (_?, nil):
                throw Violation(invariant: 5, node: "pusat", what: "a visit to \(household) counts that does not stand")
            default:
                throw Violation(
                    invariant: 5, node: "pusat",
                    what: "the visit to \(household) is shown as \(shown ?? ""), not \(expected ?? [])")
            }
        }
    }
}
