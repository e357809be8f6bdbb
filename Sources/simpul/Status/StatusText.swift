import Catalogue
import Event
import Foundation
import Node
import Store
import Sync

/// A node's status in plain words.
struct StatusText {
    let status: NodeStatus
    let language: LanguageOption

    var lines: [String] {
        head + [""] + records + section(language.say("Yang perlu diketahui", "To know and to do"), conditions)
            + section(language.say("Tertahan", "Held up"), heldUp)
            + section(language.say("Simpul di bawah", "Nodes below"), children)
            + section(language.say("Pindah desa", "Moved to another village"), moves)
            + section(language.say("Riwayat kedua", "Second histories"), branches)
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["", title] + lines.map { "  " + $0 }
    }

    private func field(_ id: String, _ en: String, _ value: String) -> String {
        "\(language.say(id, en).padded(18)) \(value)"
    }

    // MARK: - Who and when

    private var head: [String] {
        var lines = ["\(status.own.node) · \(kind) \(status.own.region) · \(status.folder)"]
        guard let parent = status.parent, let address = status.parentAddress else { return lines }
        lines.append(field("Induk", "Parent", "\(parent.node) (\(address))"))
        lines.append(field("Kontak terakhir", "Last contact", moment(parent.lastContact)))
        lines.append(field("Sama isi terakhir", "Last agreement", moment(parent.lastAgreement)))
        // Why, and what to do about it, is among the conditions.
        if parent.failureReason != nil {
            lines.append(field("Gagal terakhir", "Last failure", moment(parent.lastFailure)))
        }
        return lines
    }

    private var kind: String {
        switch status.own.role {
        case .village: language.say("desa", "village")
        case .hub: "hub"
        case .centre: language.say("pusat", "centre")
        }
    }

    /// `2026-08-03 20:14 (2 jam lalu)`, in the node's own time zone.
    private func moment(_ text: String?) -> String {
        guard let text else { return language.say("belum pernah", "never") }
        guard let moment = DateTime(text) else { return text }
        let date = Date(timeIntervalSince1970: Double(moment.milliseconds) / 1_000)
        let local = DateTime(
            milliseconds: moment.milliseconds, offsetMinutes: status.timeZone.secondsFromGMT(for: date) / 60)
        let clock = local.description.prefix(16).replacingOccurrences(of: "T", with: " ")
        return "\(clock) (\(age(status.now.timeIntervalSince(date))))"
    }

    private func age(_ seconds: TimeInterval) -> String {
        switch seconds {
        case ..<0: language.say("jam laptop berubah", "the clock was changed")
        case ..<120: language.say("baru saja", "just now")
        case ..<7_200: language.say("\(Int(seconds / 60)) menit lalu", "\(Int(seconds / 60)) minutes ago")
        case ..<172_800: language.say("\(Int(seconds / 3_600)) jam lalu", "\(Int(seconds / 3_600)) hours ago")
        default: language.say("\(Int(seconds / 86_400)) hari lalu", "\(Int(seconds / 86_400)) days ago")
        }
    }

    // MARK: - How far records have come

    /// How far the records written here have come.
    var written: String { field("Ditulis di sini", "Written here", stages(status.written)) }

    private var records: [String] {
        var lines = [written]
        if status.held != status.written { lines.append(field("Semua di sini", "All held here", stages(status.held))) }
        let waiting = status.written.saved - status.written.atCentre
        if waiting > 0 {
            lines.append(
                field(
                    "", "",
                    language.say(
                        "\(waiting) belum dinyatakan ada di pusat", "\(waiting) not yet confirmed by the centre")))
        }
        return lines
    }

    private func stages(_ tally: LinePaths.Tally) -> String {
        let counts: [(LineStage, Int64)] = [
            (.saved, tally.saved), (.atHub, tally.atHub), (.atCentre, tally.atCentre), (.counted, tally.counted),
        ]
        return counts.map { "\(PathWords.stage($0.0)[language.language]) \($0.1)" }.joined(separator: " → ")
    }

    // MARK: - What hinders

    /// One line for each log or run of records that cannot go on.
    var heldUp: [String] {
        status.heldUp.map { held in
            let place =
                held.run.map { $0.count == 1 ? "#\($0.lowerBound)" : "#\($0.lowerBound)–\($0.upperBound)" } ?? ""
            let detail = held.detail.isEmpty ? "" : " – \(held.detail)"
            return "\(held.log)\(place): \(PathWords.reason(held.code)[language.language])\(detail)"
        }
    }

    private var children: [String] {
        status.children.map { child in
            let state = child.isRevoked ? language.say("dicabut", "revoked") : moment(child.lastContact)
            return "\(child.node.description.padded(16)) \(child.region.description.padded(14)) \(state)"
        }
    }

    /// The latest moves: each with what is still to come.
    private var moves: [String] {
        let shown = status.moves.prefix(Self.mostMoves).map { move in
            "\(move.person) \(move.from) → \(move.now) \(move.movedOn)  \(handover(move))"
        }
        let rest = status.moves.count - shown.count
        guard rest > 0 else { return Array(shown) }
        return shown + [
            language.say("dan \(rest) lagi: simpul query moved_away", "and \(rest) more: simpul query moved_away")
        ]
    }

    private static let mostMoves = 10

    private func handover(_ move: PersonMove) -> String {
        let here = status.own.region
        if !move.from.isAtOrBelow(here) { return language.say("datang ke sini", "came here") }
        if let day = move.handedOverOn { return language.say("diserahterimakan \(day)", "handed over \(day)") }
        return language.say(
            "belum diserahterimakan; menyusul dengan sinkron", "not handed over yet; follows with a sync")
    }

    private var branches: [String] {
        status.branches.compactMap { head in
            head.branch.map { branch in
                let count = head.size - branch.fork
                return "\(head.log)\(BranchWords.name(branch, language)): "
                    + language.say(
                        "\(count) baris sendiri, tersimpan dan dihitung", "\(count) lines of its own, kept and counted")
            }
        }
    }

    /// What is so and since when, then what to do, indented under it.
    private var conditions: [String] {
        status.conditions.flatMap { $0.lines(language.language, since: $0.since.map(moment)) }
    }
}
