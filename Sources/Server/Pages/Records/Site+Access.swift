import Catalogue
import Event
import Node
import ReadModels
import Store

/// Which records somebody may open. What the policy grants of read models holds for the records themselves.
extension Site {
    func mayRead(_ record: Record, _ account: Account) throws -> Bool {
        guard try isFor(account, record.key) else { return false }
        // A correction tells what it corrects.
        if record.type?.subject.kind == "target" {
            guard let target = record.data["target"]?.stringValue.flatMap(RecordKey.init),
                let corrected = try Readings.quietly({ try desk.reader.record(target) })
            else { return false }
            return try mayRead(corrected, account)
        }
        if record.type?.subject.kind == "case" {
            guard let file = try Readings.quietly({ try desk.cases.file(record.line.subject) }) else { return false }
            return try mayRead(file, account)
        }
        let members: [String: String] = record.data.scalars
        return try node.reader(of: account).mayRead(
            event: record.line.type, subject: record.type?.subject.kind ?? "", members: members)
    }

    /// A case is judged by all that is recorded of it: its triage may say what its opening did not.
    func mayRead(_ file: CaseFile, _ account: Account) throws -> Bool {
        guard try isFor(account, file.opening.key) else { return false }
        let members = file.records.reduce(into: [:]) { $0.merge($1.data.scalars) { _, newer in newer } }
        // The kind is the opening's; referrals and assignments have kinds of their own.
        let judged = members.merging(file.opening.data.scalars) { _, opening in opening }
        return try node.reader(of: account).mayRead(
            event: file.opening.line.type, subject: "case", members: judged)
    }

    /// Written for the account's region, or handed on to it with a person who moved there.
    private func isFor(_ account: Account, _ key: RecordKey) throws -> Bool {
        let region = try account.regionCode()
        if key.log.inScope(of: region) { return true }
        return try node.store.forwardedAudiences(key.log, key.sequence).contains {
            $0.isAtOrBelow(region) || region.isAtOrBelow($0)
        }
    }

    func mayReadCases(_ account: Account) throws -> Bool {
        try node.reader(of: account).grant("cases") != nil
    }
}

extension JSON {
    /// Members that are single values, as the policy's rules compare them; booleans as 0 and 1.
    fileprivate var scalars: [String: String] {
        (objectValue ?? []).reduce(into: [:]) { members, member in
            members[member.key] =
                member.value.stringValue ?? member.value.intValue.map(String.init)
                ?? member.value.boolValue.map { $0 ? "1" : "0" }
        }
    }
}
