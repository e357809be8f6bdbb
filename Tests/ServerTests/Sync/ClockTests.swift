import Event
import Foundation
import Node
import Store
import Sync
import TestKit
import Testing

/// Laptops lose their battery, and with it the time.
@Suite(.timeLimit(.minutes(5))) struct `A laptop whose clock is wrong` {
    @Test(arguments: ["1970-01-01T00:00:05Z", "2036-02-07T06:28:16Z"])
    func `syncs all the same, and carries nobody else away`(_ moment: String) async throws {
        let scene = try await SyncScene()
        let wrong = try Date(moment, strategy: .iso8601)
        try scene.village.close()
        let village = try Node(folder: scene.village.folder, logger: .quiet, now: { wrong })
        try await scene.checkGoesOn(village)
        try await scene.checkGoesOn(scene.sibling)
        // The hub's own time is what it wrote down, and what it writes next is ordered by.
        let contact = try #require(try scene.hub.store.peer(village.own.node).lastContact.flatMap { DateTime($0) })
        let now = Int64(Date().timeIntervalSince1970) * 1_000
        #expect(abs(contact.milliseconds - now) < 600_000)
        let next = try EventLine(parsing: try scene.sibling.recordExample().bytes)
        #expect(abs(next.hybridTime.milliseconds - now) < 1_200_000)
        // The challenge is the server's, so that the next sync needs no second request either.
        let report = try await LiveWorld.sync(village)
        #expect(report.agreed)
        #expect(report.tally.requests == 1)
    }
}
