import Catalogue
import Event
import Store

/// The one place where recording asks for consent: every road to a line, a page, a command, an import, leads through the
/// `Recorder`, and the recorder through here.
///
/// Without consent to its purpose, or another lawful basis, a record may hold nothing that identifies a person.
struct ConsentGuard: Sendable {
    let catalogue: Catalogue
    let register: ConsentRegister

    /// What stands against each draft; consents in the same batch count, wherever in it they stand.
    ///
    /// - Parameter today: the local day, `2026-08-14`.
    func problems(_ drafts: [Draft], today: String, target: (JSON) throws -> CorrectionTarget?) throws -> [[Problem]] {
        let needs = try drafts.map { try need(of: $0, target) }
        var states: [String: ConsentState] = [:]
        for person in Set(needs.compactMap(\.self).flatMap(\.persons)) {
            var state = try register.state(of: person)
            for draft in drafts where subject(of: draft) ?? "" == person { state.take(draft.type, draft.data) }
            states[person] = state
        }
        return needs.map { need in
            guard let need else { return [] }
            let refused = need.persons.compactMap { states[$0] }.first { !$0.allows(need.purpose, on: today) }
            return refused.map { [problem(need, $0)] } ?? []
        }
    }

    private struct Need {
        let persons: [String]
        /// Code of PURPOSE.
        let purpose: String
        /// Identifying fields that were filled in.
        let fields: [Field]
    }

    /// Nil where a draft identifies nobody, or its type needs no consent.
    private func need(of draft: Draft, _ target: (JSON) throws -> CorrectionTarget?) throws -> Need? {
        guard let type = catalogue.types[draft.type] else { return nil }
        if type.subject.kind == Recorder.targetKind {
            guard let patch = draft.data["patch"], let target = try target(draft.data),
                let targetType = catalogue.types[target.line.type]
            else { return nil }
            // Taking an identifying value out needs nobody's consent.
            let entered = JSON.object((patch.objectValue ?? []).filter { $0.value != .null })
            return need(targetType, entered, about: target.line.data, subject: target.line.subject)
        }
        return need(type, draft.data, about: draft.data, subject: subject(of: draft) ?? "")
    }

    private func need(_ type: EventType, _ entered: JSON, about data: JSON, subject: String) -> Need? {
        guard let purpose = type.consent.purpose, let personal = type.split(entered).personal else { return nil }
        if let vital = type.consent.vitalWhen, vital.holds(in: data) { return nil }
        let persons = type.persons(in: data, subject: subject)
        guard !persons.isEmpty else { return nil }
        return Need(persons: persons, purpose: purpose, fields: type.fields.filter { personal[$0.name] != nil })
    }

    private func subject(of draft: Draft) -> String? {
        draft.subject ?? catalogue.types[draft.type]?.subject(in: draft.data)
    }

    private func problem(_ need: Need, _ state: ConsentState) -> Problem {
        let label = catalogue.codeLists["PURPOSE"]?[need.purpose]?.label
        let purpose = label ?? LocalizedText(id: need.purpose, en: need.purpose)
        let fields = LocalizedText(
            id: need.fields.map(\.label.id).joined(separator: ", "),
            en: need.fields.map(\.label.en).joined(separator: ", "))
        let isWithdrawn = state.withdrawn.contains(need.purpose)
        return Problem(
            path: need.fields.first.map { "/\($0.name)" } ?? "",
            what: isWithdrawn
                ? LocalizedText(
                    id:
                        "Orang ini menarik persetujuannya untuk “\(purpose.id)”: yang menunjukkan siapa dia tidak boleh "
                        + "dicatat lagi (\(fields.id)).",
                    en: "This person withdrew consent to “\(purpose.en)”: what identifies them may not be recorded any "
                        + "more (\(fields.en)).")
                : LocalizedText(
                    id: "Belum ada persetujuan orang ini untuk “\(purpose.id)”: yang menunjukkan siapa dia belum boleh "
                        + "dicatat (\(fields.id)).",
                    en:
                        "There is no consent of this person to “\(purpose.en)” in force: what identifies them may not be "
                        + "recorded (\(fields.en))."),
            fix: LocalizedText(
                id:
                    "Minta dan catat persetujuannya dulu, atau kosongkan isian itu. Fakta tanpa data diri tetap bisa dicatat.",
                en: "Ask for consent and record it first (privacy.consent_granted), or leave these fields empty. Facts "
                    + "without identity can be recorded."))
    }
}

extension EventType {
    /// Whose consent a record's identifying members need: the person under whose key they are, else every person it
    /// names. Nobody, for a record about a household or a recruiter that names none.
    func persons(in data: JSON, subject: String) -> [String] {
        let holder = keyHolder(in: data, subject: subject)
        if subject != holder || self.subject.kind == "person" { return [holder] }
        return fields.flatMap { field -> [String] in
            switch field.kind {
            case .identifier(entity: "person"): return [data[field.name]?.stringValue].compactMap(\.self)
            case .identifiers(entity: "person"): return (data[field.name]?.arrayValue ?? []).compactMap(\.stringValue)
            default: return []
            }
        }
    }
}
