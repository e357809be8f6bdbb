import Catalogue
import Event
import Foundation
import Store

/// Turns drafts into durable lines: checked, split, encrypted, placed, appended.
public struct Recorder: Sendable {
    let catalogue: Catalogue
    let store: LogStore
    let keyring: PersonKeyring
    let own: Enrolment
    /// The node at the top, whose word counts for offices' keys.
    let root: NodeName
    let timeZone: TimeZone
    /// The wall clock; a test or the demo may play other days.
    let now: @Sendable () -> Date

    /// Appends drafts in one durable transaction: all or none.
    ///
    /// - Returns: one reference per draft. When this returns they survive power loss.
    /// - Throws: `InvalidDraft` naming every problem; nothing was saved then.
    @discardableResult
    public func record(_ drafts: [Draft]) throws -> [AppendedLine] {
        let wall = now()
        for (draft, problems) in zip(drafts, try consentProblems(drafts)) where !problems.isEmpty {
            throw InvalidDraft(type: draft.type, problems: problems)
        }
        let prepared = try drafts.map { try prepare($0, wall: wall) }
        return try store.append(
            wall: Int64(wall.timeIntervalSince1970 * 1_000),
            prepared.map { line in
                (
                    log: line.line.source,
                    make: { place in
                        var placed = line.line
                        placed.sequence = place.sequence
                        placed.hybridTime = place.hybridTime
                        // Sealed last: a box is bound to the place of its line.
                        if let (members, office) = line.sealed {
                            let box = try SealedBox.seal(members, in: placed, to: office)
                            placed.data = placed.data.setting("sealed", to: box)
                        }
                        return try placed.encoded()
                    }
                )
            })
    }

    /// What consent is missing for each draft, before anything is recorded: for a form, or a dry run.
    public func consentProblems(_ drafts: [Draft]) throws -> [[Problem]] {
        // The centre records nothing that identifies, whoever consents; it says so itself.
        guard own.role != .centre else { return drafts.map { _ in [] } }
        return try ConsentGuard(catalogue: catalogue, register: ConsentRegister(store: store))
            .problems(drafts, today: moment(now()).localDate, target: target(of:))
    }

    @discardableResult
    public func record(_ draft: Draft) throws -> AppendedLine {
        guard let line = try record([draft]).first else {
            throw NodeError(.damaged, "nothing was appended", advice: "report this defect")
        }
        return line
    }

    // MARK: - From draft to line

    /// A line that lacks its place, and what will be sealed into it there.
    private struct Prepared {
        let line: EventLine
        let sealed: (members: JSON, office: OfficeKey)?
    }

    private func prepare(_ draft: Draft, wall: Date) throws -> Prepared {
        guard let type = catalogue.types[draft.type] else {
            throw NodeError(
                .badInput, "the event type \(draft.type) is not known here",
                advice: "`simpul catalogue` lists the types; install a new one with `simpul catalogue install FILE`")
        }
        let subject = try subject(type, draft)
        var data = type.naming(subject: subject, in: draft.data)
        data = catalogue.filling(data, of: type, today: moment(wall).localDate)
        let problems = catalogue.validate(type: type.name, data: data, today: moment(wall).localDate)
            .filter { $0.severity == .error }
        guard problems.isEmpty else { throw InvalidDraft(type: type.name, problems: problems) }
        try Pseudonym.check(draft.actor)
        let (open, sealed) = type.setApart(data)
        data = open
        let time = moment(wall)
        let occurred = try draft.occurredAt ?? occurredAt(type, data) ?? OccurredAt(time)
        let audience = try audience(type, draft, data)
        let region = draft.region ?? audience.region ?? own.region
        let office = try sealed.map { _ in
            try OfficeKeys(store: store, root: root).choose(data["office"]?.stringValue, from: region)
        }
        let line = EventLine(
            type: type.name, version: type.version,
            source: store.signer.log(audience, lane: try Lane(type.lane(for: data))),
            sequence: 0, subject: subject, time: time, hybridTime: .zero, occurredAt: occurred, actor: draft.actor,
            role: draft.role, region: region, regionEdition: own.edition, correlationID: draft.correlationID,
            causationID: draft.causationID, dedupeKey: draft.dedupeKey,
            data: try encrypted(type, data, subject: subject, region: region))
        return Prepared(line: line, sealed: sealed.flatMap { members in office.map { (members, $0) } })
    }

    private func milliseconds(_ date: Date) -> Int64 { Int64(date.timeIntervalSince1970) * 1_000 }

    private func moment(_ date: Date) -> DateTime {
        DateTime(
            milliseconds: milliseconds(date),
            offsetMinutes: timeZone.secondsFromGMT(for: date) / 60)
    }

    private func occurredAt(_ type: EventType, _ data: JSON) throws -> OccurredAt? {
        guard let field = type.occurredField, let text = data[field]?.stringValue else { return nil }
        guard let occurred = OccurredAt(text) else {
            throw NodeError(
                .badInput, "\(field): \(text) is not a date",
                advice: "write 2026-08-14, or 2026-08 when the day is not known")
        }
        return occurred
    }

    private func subject(_ type: EventType, _ draft: Draft) throws -> String {
        if let subject = draft.subject ?? type.subject(in: draft.data) { return subject }
        if type.subject.kind == Self.targetKind, let target = try target(of: draft.data) { return target.line.subject }
        guard type.subject.isNew else {
            throw NodeError(
                .badInput, "\(type.name) needs its subject, the \(type.subject.kind) it is about",
                advice: "give it with --subject UUID")
        }
        return UUID().uuidString.lowercased()
    }

    private func audience(_ type: EventType, _ draft: Draft, _ data: JSON) throws -> Event.Audience {
        if type.audience.level == .local { return .local }
        if type.audience.level == .target, let target = try target(of: data) {
            let audience = target.reference.log.audience
            if let region = audience.region, region.isAtOrBelow(own.region) { return audience }
        }
        var wanted = draft.audience
        if wanted == nil, let field = type.audience.field, let code = data[field]?.stringValue {
            wanted = try RegionCode(code)
        }
        if wanted == nil, let level = regionLevel(type.audience.level) {
            wanted = own.region.ancestor(at: level)
            // What is meant for one village must not go to all of them for want of saying which.
            guard wanted != nil else {
                throw NodeError(
                    .badInput, "\(type.name) is written for one \(level), and it is not said which",
                    advice: "name it with --for, e.g. --for 36.04.13.2007")
            }
        }
        let region = wanted ?? own.region
        // A node writes for its own region or below it; what a type wants higher goes as high as the node may.
        return .region(region.isAtOrBelow(own.region) ? region : own.region)
    }

    private func regionLevel(_ level: EventType.Audience.Level) -> RegionCode.Level? {
        switch level {
        case .village: .village
        case .regency: .regency
        case .nation: .nation
        case .own, .local, .target: nil
        }
    }

    /// Encrypts the identifying members; in a correction those of the record it corrects.
    private func encrypted(_ type: EventType, _ data: JSON, subject: String, region: RegionCode) throws -> JSON {
        if let patch = data["patch"], type.subject.kind == Self.targetKind, let target = try target(of: data) {
            return data.setting("patch", to: try encrypted(patch: patch, for: target))
        }
        let (plain, personal) = type.split(data)
        guard let personal else { return plain }
        try refuseWithoutKeys(type, personal)
        let holder = type.keyHolder(in: data, subject: subject)
        let (name, key) = try keyring.keyForWriting(of: holder, region: region)
        let box = try PersonalBox.seal(personal, type: type.name, subject: subject, keyName: name, key: key)
        return plain.setting("personal", to: box)
    }

    /// The centre holds no person's key (`protocol/06-personal-data.md`), so it can encrypt nothing under one; and what
    /// is sealed for an office must not be readable under a person's key instead.
    func refuseWithoutKeys(_ type: EventType, _ personal: JSON) throws {
        let names = (personal.objectValue ?? []).map(\.key)
        guard own.role != .centre else {
            throw NodeError(
                .badInput, "\(own.node) may not hold what identifies a person: \(names.joined(separator: ", "))",
                advice: "leave it out, or have the hub of the region record it; nothing was saved")
        }
        let sealed = names.filter { type.field($0)?.sensitivity == .sealed }
        guard sealed.isEmpty else {
            throw NodeError(
                .badInput,
                "\(type.name) has sealed fields, which this version cannot seal: "
                    + sealed.joined(separator: ", "),
                advice: "leave them out and keep the testimony on paper; nothing was saved")
        }
    }

    /// `x-subject` kind of types that change another record.
    static let targetKind = "target"
}
