import Event
import Foundation
import GRDB
import Store
import Testing

/// Invitations as they lie in the file.
@Suite struct InvitationTests {
    private static let token = "kPq3v0mHn2cYbX1uZt9wR4sL7dJ6fG5aE8iO-QyTzUM"

    private func storeWithInvitation() throws -> TestStore {
        let store = try TestStore()
        try store.store.save(
            Invitation(
                token: Self.token, node: try NodeName("lontar-a"), region: try RegionCode("36.04.13.2007"),
                edition: "2025-2430", role: .village, expires: "2026-09-01T00:00:00Z"))
        return store
    }

    @Test func `what lies in the file is of no use to enrol`() throws {
        let store = try storeWithInvitation()
        let kept = try store.sql { try String.fetchAll($0, sql: "SELECT token FROM invitation") }
        #expect(kept.count == 1)
        #expect(!kept[0].contains(Self.token))
        #expect(try store.store.invitation(token: kept[0]) == nil)
    }

    @Test func `its token finds it, for one epoch`() throws {
        let store = try storeWithInvitation()
        let epoch = Epoch.random()
        #expect(try store.store.invitation(token: Self.token)?.usedBy == nil)
        #expect(try store.store.useInvitation(token: Self.token, epoch: epoch))
        #expect(try store.store.useInvitation(token: Self.token, epoch: epoch), "the same one asks again")
        #expect(try store.store.useInvitation(token: Self.token, epoch: .random()) == false)
        #expect(try store.store.invitation(token: Self.token)?.usedBy == epoch.description)
    }
}
