import Event
import Foundation
import Logging
import ReadModels
import Store
import Sync

/// A person goes to another village (`protocol/12-changing-hands.md`). The village records it; the node above both hands
/// on the lines, the hubs the keys; the former village's laptops then give their keys up.
///
/// What must stay true: no key is given up before the hub says that it and the lines are handed over, and before every
/// line of this node about the person has a receipt. Each step may be done twice and says the same.
extension Node {
    /// Lines of one transaction.
    private static let linesAtOnce = 100
    /// Of a carried line with its proof, below the size of a line.
    private static let mostBytes = 60_000

    /// Does what is due for persons who moved. After a sync, and whenever the read models were taken up.
    ///
    /// - Returns: how many lines were written.
    @discardableResult
    public func handOver() throws -> Int {
        guard try store.knowsMoves(), try !store.isHolding() else { return 0 }
        try projectWhole()
        // Two at once would say everything twice. Nobody waits for the read models while holding it: whoever keeps them
        // may be waiting for this lock.
        let written = try FileLock.held(folder.path + "/handover.lock") { try handOverWhatIsDue() }
        if written > 0 { try projectWhole() }
        return written
    }

    private func handOverWhatIsDue() throws -> Int {
        let moves = try personMoves().filter { $0.from != $0.now }
        var written = 0
        for (person, moves) in Dictionary(grouping: moves, by: \.person).sorted(by: { $0.key < $1.key }) {
            guard let now = moves.first?.now else { continue }
            written += own.role == .village ? try giveUp(person, moves) : try serve(person, moves, now: now)
        }
        return written
    }

    // MARK: - Hubs and the centre

    private func serve(_ person: String, _ moves: [PersonMove], now: RegionCode) throws -> Int {
        let size = try store.intakeSize()
        let dueHere = moves.contains { $0.handedOverOn == nil && servesKeys(of: $0.from) }
        let since = try store.handoverCut(person, to: now)
        let villages = try formerVillages(person, moves, now: now)
        guard try dueHere || since < 0 || hasNews(of: villages, since: since) else {
            try relayKeys(of: person, to: now)
            return 0
        }
        let dossier = try Dossier(of: person, in: villages, store: store, catalogue: catalogue)
        var written = 0
        if hands(on: villages, to: now) { written += try forward(dossier, of: person, to: now) }
        try relayKeys(of: person, to: now)
        // Locked: lines go on, keys follow when somebody unlocks.
        guard own.role != .hub || !keyring.isLocked else { return written }
        if let keys = try handKeys(dossier, moves, to: now) {
            for move in moves where move.handedOverOn == nil && servesKeys(of: move.from) {
                try recorder.record(handedOver(person, move, dossier, keys: keys))
                written += 1
            }
        }
        try store.setHandoverCut(size, person, to: now)
        return written
    }

    /// Villages whose logs may hold lines about a person: those that were left, and those that wrote of her data.
    private func formerVillages(_ person: String, _ moves: [PersonMove], now: RegionCode) throws -> [RegionCode] {
        let wrote = try store.privacyLines(about: person).compactMap(\.log.audience.region)
        return Set(wrote + moves.map(\.from)).filter {
            $0.level == .village && $0 != now && $0.isAtOrBelow(own.region)
        }.sorted { $0.description < $1.description }
    }

    private func hasNews(of villages: [RegionCode], since cut: Int64) throws -> Bool {
        let names = Set(villages.map(\.description))
        var cut = cut
        while true {
            let runs = try store.intake(after: cut, limit: 512)
            guard let last = runs.last else { return false }
            if runs.contains(where: { names.contains($0.log.audience.description) }) { return true }
            cut = last.cut
        }
    }

    /// The lowest node that holds the logs of both villages hands the lines on.
    private func hands(on villages: [RegionCode], to now: RegionCode) -> Bool {
        guard now.isAtOrBelow(own.region), !villages.isEmpty else { return false }
        let hubs = (try? store.enrolments()) ?? []
        return !hubs.contains { known in
            let region = known.enrolment.region
            return known.revoked == nil && known.enrolment.role == .hub && region != own.region
                && region.isAtOrBelow(own.region) && now.isAtOrBelow(region)
                && villages.allSatisfy { $0.isAtOrBelow(region) }
        }
    }

    /// Whether this is a hub that the keys of a village's persons are wrapped for.
    private func servesKeys(of village: RegionCode) -> Bool {
        own.role == .hub && village.isAtOrBelow(own.region)
    }

    private func forward(_ dossier: Dossier, of person: String, to village: RegionCode) throws -> Int {
        let present = try store.forwarded(to: village)
        let missing = dossier.lines.filter { !present.contains($0.reference.description) }
        var written = 0
        for start in stride(from: 0, to: missing.count, by: Self.linesAtOnce) {
            let drafts = try missing[start..<min(start + Self.linesAtOnce, missing.count)].compactMap {
                try carrier(of: $0, about: person, to: village)
            }
            guard !drafts.isEmpty else { continue }
            try recorder.record(drafts)
            written += drafts.count
        }
        return written
    }

    private func carrier(of line: Dossier.Line, about person: String, to village: RegionCode) throws -> Draft? {
        let reference = line.reference
        guard let proof = try store.inclusionProof(reference.log, reference.sequence, withHolders: true),
            proof.reference == reference
        else {
            logger.notice("a line is not handed on yet", metadata: ["line": "\(reference)", "reason": "no proof here"])
            return nil
        }
        for holders in [2, 0] {
            let json = proof.holders(atMost: holders).json
            guard json.encoded().count <= Self.mostBytes else { continue }
            return Draft(
                type: "dossier.forwarded", subject: person,
                data: .object([JSONMember("person_id", .string(person)), JSONMember("proof", json)]),
                actor: own.node.description, role: "system", audience: village)
        }
        logger.warning("a line is too long to be handed on", metadata: ["line": "\(reference)"])
        return nil
    }

    /// What another hub wrapped goes down to the hub of the village; once there, it is replaced.
    private func relayKeys(of person: String, to now: RegionCode) throws {
        guard now.isAtOrBelow(own.region) else { return }
        let cases = try modelReader.query(
            ModelQuery(
                "case_state", filters: [Filter("person", .equal, .text(person))], limit: 1_000, scope: .nation,
                reader: .holder, today: LocalDay(milliseconds: 0, offsetMinutes: 0)))
        let holders = [person] + cases.rows.indices.compactMap { cases[$0, "case_id"]?.text }
        for holder in holders { try keyring.relay(holder, to: now) }
        guard own.role == .hub, !keyring.isLocked else { return }
        try keyring.settle()
        for holder in holders { try keyring.replaceForeign(holder, in: now) }
    }

    /// Gives the new village, or its hub, the keys.
    ///
    /// - Returns: how many keys; nil where that has to wait.
    private func handKeys(_ dossier: Dossier, _ moves: [PersonMove], to now: RegionCode) throws -> Int? {
        guard own.role == .hub else { return nil }
        // A key that only a laptop has yet comes with its next sync.
        for name in dossier.keys {
            guard case .missing = try keyring.standing(of: name) else { continue }
            return nil
        }
        var count = 0
        for holder in dossier.holders {
            let held = try keyring.keys.names(of: holder)
            guard let newest = held.last else { continue }
            // The village that her keys are of must itself have said that she left.
            guard newest.region == now.description || moves.contains(where: { $0.from.description == newest.region })
            else { return nil }
            if now.isAtOrBelow(own.region) {
                if newest.region != now.description {
                    _ = try keyring.move(holder, to: now)
                } else if held.contains(where: { $0.region != now.description }) {
                    try keyring.keys.setRegion(now.description, of: holder)
                    try keyring.settle()
                }
                count += held.count
            } else {
                let from = moves.first { $0.from.isAtOrBelow(own.region) }?.from
                guard let from, let handed = try keyring.handOut(holder, from: from, to: now) else { return nil }
                count += handed
            }
        }
        return count
    }

    private func handedOver(_ person: String, _ move: PersonMove, _ dossier: Dossier, keys: Int) -> Draft {
        Draft(
            type: "dossier.handed_over", subject: person,
            data: [
                "person_id": .string(person), "to_village": .string(move.now.description),
                "lines": .int(Int64(dossier.lines.count)), "keys": .int(Int64(keys)),
                "handed_over_at": .string(moment.description),
            ], actor: own.node.description, role: "system", audience: move.from)
    }

    // MARK: - The former village

    private func giveUp(_ person: String, _ moves: [PersonMove]) throws -> Int {
        guard moves.contains(where: { $0.from == own.region && $0.handedOverOn != nil }) else { return 0 }
        let dossier = try Dossier(of: person, in: [own.region], store: store, catalogue: catalogue)
        let held = try dossier.holders.compactMap { try keyring.keys.names(of: $0).last }.compactMap { KeyName($0.key) }
        guard !held.isEmpty, try unreceipted(dossier) == 0, try openCases(of: person).isEmpty else { return 0 }
        let left = try store.privacyLines(about: person).filter { $0.log.audience.region == own.region }
            .compactMap { try? EventLine(parsing: $0.bytes) }.filter { $0.type == "person.moved" }.map(\.hybridTime)
            .max()
        guard let left else { return 0 }
        let entries = held.map {
            JSON.object([JSONMember("holder", .string($0.holder)), JSONMember("through", .int($0.number))])
        }
        // Recorded first: a crash in between is made up for on opening.
        try recorder.record(
            Draft(
                type: "dossier.given_up", subject: person,
                data: [
                    "person_id": .string(person), "keys": .array(entries), "move_hlc": .string(left.description),
                    "given_up_at": .string(moment.description),
                ], actor: own.node.description, role: "system"))
        try keyring.obey()
        return 1
    }

    /// Lines of this node about a person that its parent has not said it holds.
    private func unreceipted(_ dossier: Dossier) throws -> Int {
        guard let parent = try parent()?.node else { return 0 }
        var held: [LogName: Int64] = [:]
        for receipt in try store.receipts(atOrBelow: own.region) where receipt.kind == .held && receipt.holder == parent
        {
            held[receipt.log] = max(held[receipt.log] ?? 0, receipt.size)
        }
        return dossier.lines.count {
            $0.reference.log.node == own.node && $0.reference.sequence >= held[$0.reference.log] ?? 0
        }
    }
}
