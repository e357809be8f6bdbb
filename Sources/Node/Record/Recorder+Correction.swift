import Catalogue
import Event
import Foundation
import Store
import TransparencyLog

/// The record that a correction or retraction is about.
struct CorrectionTarget {
    let reference: LineReference
    let line: EventLine
}

/// What identifies a person stays encrypted in a correction too: the patch carries a new box with all identifying
/// members, sealed as the corrected record's own are.
extension Recorder {
    /// The held line that `data.target` names; nil when the type names none.
    ///
    /// - Throws: `NodeError` when the line is not here or its hash is another.
    func target(of data: JSON) throws -> CorrectionTarget? {
        guard let text = data["target"]?.stringValue else { return nil }
        let reference: LineReference
        do { reference = try LineReference(text) } catch {
            throw NodeError(
                .badInput, "target: \(error)", advice: "write LOG#SEQUENCE~HASH as `simpul log show` prints it")
        }
        guard let bytes = try store.line(reference) else {
            throw NodeError(
                .badInput, "the record \(text) is not on this node", advice: "sync first, or choose another record")
        }
        return CorrectionTarget(reference: reference, line: try EventLine(parsing: bytes))
    }

    func encrypted(patch: JSON, for target: CorrectionTarget) throws -> JSON {
        guard let type = catalogue.types[target.line.type] else { return patch }
        guard type.setApart(patch).sealed == nil else {
            throw NodeError(
                .badInput, "what was sealed cannot be corrected: nobody here can read it",
                advice: "record it anew, and take the first one back if it is wrong")
        }
        // Replaces an attribute of the line, not a member of its data.
        let occurred = patch["occurredat"]
        if let occurred, occurred.stringValue.flatMap(OccurredAt.init) == nil {
            throw NodeError(
                .badInput, "patch/occurredat: \(String(decoding: occurred.encoded(), as: UTF8.self)) is not a date",
                advice: "write 2026-08-14, or 2026-08 when the day is not known")
        }
        let patch = patch.setting("occurredat", to: nil)
        let (readable, personal) = type.split(patch)
        let plain = readable.setting("occurredat", to: occurred)
        let before = try personalMembers(of: target)
        try check(patch, type: type, target: target, personal: before)
        guard let personal else { return plain }
        try refuseWithoutKeys(type, personal)
        let holder = type.keyHolder(in: target.line.data, subject: target.line.subject)
        let (name, key) = try keyring.keyForWriting(of: holder, region: target.line.region)
        let box = try PersonalBox.seal(
            (before ?? .object([])).merging(patch: personal), type: type.name, subject: target.line.subject,
            keyName: name, key: key)
        return plain.setting("personal", to: box)
    }

    /// The record's identifying members as corrected so far, in the order of the hybrid clock.
    private func personalMembers(of target: CorrectionTarget) throws -> JSON? {
        var boxes: [(HybridTimestamp, JSON)] = []
        if let box = target.line.data["personal"] { boxes.append((target.line.hybridTime, box)) }
        let name = target.reference.description
        func take(_ bytes: [UInt8]) {
            guard let line = try? EventLine(parsing: bytes), line.type == "record.corrected",
                line.data["target"]?.stringValue == name, let box = line.data["patch"]?["personal"]
            else { return }
            boxes.append((line.hybridTime, box))
        }
        try store.forEachLine(inScopeOf: target.line.region, containing: Array(name.utf8), take)
        // A correction stands under its target's subject.
        try store.earlyLines(about: target.line.subject).forEach(take)
        guard let newest = boxes.max(by: { $0.0 < $1.0 }) else { return nil }
        return try PersonalBox.open(
            newest.1, type: target.line.type, subject: target.line.subject, keyring: keyring)
    }

    /// A patch must leave a valid record; only what it changes is held against it.
    private func check(_ patch: JSON, type: EventType, target: CorrectionTarget, personal: JSON?) throws {
        let changed = Set((patch.objectValue ?? []).map(\.key))
        let result = type.join(target.line.data, personal: personal).merging(patch: patch)
        let problems = type.validate(result).filter { problem in
            problem.severity == .error
                && changed.contains { problem.path == "/\($0)" || problem.path.hasPrefix("/\($0)/") }
        }
        guard problems.isEmpty else { throw InvalidDraft(type: type.name, problems: problems) }
    }
}
