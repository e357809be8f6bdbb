import Catalogue
import Event

/// Makes corrections: the smallest patch that turns what holds into what was entered.
public struct Corrections: Sendable {
    /// A draft of `record.corrected`; nil when nothing was changed. The recorder encrypts what identifies a person.
    ///
    /// - Parameter entered: the whole data as the form has it now.
    public func draft(
        correcting record: Record, entered: JSON, reason: String, actor: String, role: String
    ) -> Draft? {
        var patch = Self.patch(from: record.data, to: entered)
        if let occurred = record.type?.occurredAt(in: entered), occurred != record.occurredAt {
            patch.append(JSONMember("occurredat", .string(occurred.description)))
        }
        guard !patch.isEmpty else { return nil }
        return draft(
            RecordReader.corrected, of: record, reason: reason, [JSONMember("patch", .object(patch))], actor: actor,
            role: role)
    }

    public func draft(
        retracting record: Record, reason: String, note: String?, actor: String, role: String
    ) -> Draft {
        draft(
            RecordReader.retracted, of: record, reason: reason, note.map { [JSONMember("note", .string($0))] } ?? [],
            actor: actor, role: role)
    }

    private func draft(
        _ type: String, of record: Record, reason: String, _ members: [JSONMember], actor: String, role: String
    ) -> Draft {
        let about = [
            JSONMember("target", .string(record.reference.description)), JSONMember("reason", .string(reason)),
        ]
        return Draft(
            type: type, subject: record.line.subject, data: .object(about + members), actor: actor, role: role,
            region: record.line.region)
    }

    /// Members of the RFC 7396 patch that turns `old` into `new`.
    static func patch(from old: JSON, to new: JSON) -> [JSONMember] {
        let removed = (old.objectValue ?? []).filter { new[$0.key] == nil }.map { JSONMember($0.key, .null) }
        let changed = (new.objectValue ?? []).filter { old[$0.key] != $0.value }.map { member in
            guard let before = old[member.key], before.objectValue != nil, member.value.objectValue != nil else {
                return member
            }
            return JSONMember(member.key, .object(patch(from: before, to: member.value)))
        }
        return changed + removed
    }
}
