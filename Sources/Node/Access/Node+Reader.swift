import Catalogue
import Event
import ReadModels

extension Node {
    /// Someone signed in, as the read models and the pages know them.
    public func reader(of account: Account) throws -> Reader {
        try reader(
            role: account.role, region: account.regionCode(), actor: account.actor,
            isOfficial: account.isVillageOfficial == true)
    }

    /// - Parameters:
    ///   - actor: pseudonym in lines; an appointment may say of it that it is a village official's.
    ///   - isOfficial: known here to be one.
    public func reader(role: String, region: RegionCode, actor: String, isOfficial: Bool = false) throws -> Reader {
        Reader(
            role: role, region: region, isConflicted: try isOfficial || isAppointedOfficial(actor),
            policy: catalogue.access)
    }

    /// The hub's word counts beside the node's own: who has a stake does not decide about it.
    private func isAppointedOfficial(_ actor: String) throws -> Bool {
        let query = ModelQuery(
            "organizers", filters: [Filter("actor", .equal, .text(actor))], limit: 1, scope: .nation, reader: .holder,
            today: LocalDay(milliseconds: 0, offsetMinutes: 0))
        do {
            return try modelReader.query(query)[0, "is_village_official"]?.integer == 1
        } catch ReadModelError.unknownModel {
            // A catalogue without appointments: nobody is appointed.
            return false
        } catch is ReadModelError {
            // Not known now: until it is, nobody decides about what might be their own affair.
            return true
        }
    }
}
