import Event
import Foundation
import Testing

/// An erased person stays unreadable, whatever comes back from before: by the real program, with real folders.
@Suite struct `an erased person stays unreadable` {
    @Test func `when the village's folder from before is put back and syncs`() throws {
        let world = try ErasedWorld()
        let before = try world.copy(world.village)
        try world.order()
        try world.expectErased()
        try world.restore(world.village, from: before)
        // It knows of no order yet: the copy is wholly from before.
        #expect(try world.shown(at: world.village).contains(ErasedWorld.name))
        try world.sync()
        try world.expectErased()
    }

    @Test func `when the hub's folder from before is put back, by the first village that syncs`() throws {
        let world = try ErasedWorld()
        let before = try world.copy(world.hub.node)
        try world.order()
        try world.restore(world.hub.node, from: before)
        try world.sync()
        try world.expectErased()
    }

    @Test func `when the centre's folder from before is put back`() throws {
        let world = try ErasedWorld()
        let before = try world.copy(world.centre.node)
        try world.order()
        try world.restore(world.centre.node, from: before)
        try world.sync()
        try world.expectErased()
        #expect(try world.centre.node.run("erase", "--status", "--english").output.contains("lontar-a"))
    }

    @Test func `when hub and village are both put back: the centre still knows of the order`() throws {
        let world = try ErasedWorld()
        let (hub, village) = (try world.copy(world.hub.node), try world.copy(world.village))
        try world.order()
        try world.restore(world.hub.node, from: hub)
        try world.restore(world.village, from: village)
        try world.expectSuccess(try world.hub.node.run("sync"))
        try world.hub.untilItFollows()
        try world.sync()
        try world.expectErased()
    }

    @Test func `when only keys, or only logs, of a folder from before are put back: on opening, without a line`() throws
    {
        let world = try ErasedWorld()
        let before = try world.copy(world.village)
        try world.order()
        let after = try world.copy(world.village)
        for name in ["secrets/persons.db", "log.db"] {
            try world.restore(world.village, from: after)
            for ending in ["", "-wal", "-shm", "-journal"] {
                let (from, to) = (before + "/" + name + ending, world.village.folder + "/" + name + ending)
                if FileManager.default.fileExists(atPath: to) { try FileManager.default.removeItem(atPath: to) }
                if FileManager.default.fileExists(atPath: from) {
                    try FileManager.default.copyItem(atPath: from, toPath: to)
                }
            }
            #expect(try !world.keys.found(in: world.village.folder).isEmpty, "\(name)")
            #expect(try !world.shown(at: world.village).contains(ErasedWorld.name), "\(name)")
            #expect(try world.keys.found(in: world.village.folder) == [:], "\(name)")
        }
    }

    @Test func `when bundles from before are imported`() throws {
        let world = try ErasedWorld()
        let (up, down) = (world.village.scratch.path + "/up.simpul", world.village.scratch.path + "/down.simpul")
        try world.expectSuccess(try world.village.run("bundle", "export", "--all", up))
        try world.expectSuccess(try world.hub.node.run("bundle", "export", "--all", "--to", "lontar-a", down))
        try world.order()
        let imported = try world.hub.node.run("bundle", "import", up)
        #expect(imported.code == 0, "\(imported.errors)")
        let taken = try world.village.run("bundle", "import", down)
        #expect(taken.code == 0, "\(taken.errors)")
        try world.expectErased()
        try world.sync()
        try world.expectErased()
    }

    @Test func `when a bundle brings the order to a laptop from before that has no line`() throws {
        let world = try ErasedWorld()
        let before = try world.copy(world.village)
        try world.order()
        let down = world.village.scratch.path + "/down.simpul"
        try world.expectSuccess(try world.hub.node.run("bundle", "export", "--all", "--to", "lontar-a", down))
        try world.restore(world.village, from: before)
        try world.expectSuccess(try world.village.run("bundle", "import", down))
        try world.expectErased()
    }

    @Test func `when a laptop that was away for a year returns, its clock and its log old, with a new record of hers`()
        throws
    {
        let world = try ErasedWorld()
        let before = try world.copy(world.village)
        try world.order()
        try world.restore(world.village, from: before)
        let yearAgo = DateTime(milliseconds: Int64(Date().timeIntervalSince1970 - 365 * 86_400) * 1_000)
        let clock = ["SIMPUL_CLOCK": try world.village.scratch.file("clock", yearAgo.description)]
        let late = try Program.run(
            ["record", "contact.checked", "--json", "-"], folder: world.village.folder,
            input: #"{"person_id":"\#(ErasedWorld.person)","checked_on":"2025-07-14","contact":"ok","#
                + #""last_contact_on":"2025-07-12","wage_ok":"yes","holds_passport":"agent","job_as_promised":"yes","#
                + #""location_known":true,"note":"\#(ErasedWorld.name) tidak menjawab"}"#, environment: clock)
        try world.expectSuccess(late)
        #expect(try world.shown(at: world.village).contains("tidak menjawab"))
        try world.expectSuccess(try Program.run(["sync"], folder: world.village.folder, environment: clock))
        #expect(try !world.shown(at: world.village).contains(ErasedWorld.name))
        try world.sync()
        try world.expectErased()
        // Its line is kept and counts; it names nobody.
        for node in [world.village, world.hub.node, world.centre.node] {
            #expect(try !world.shown(at: node).contains("tidak menjawab"))
            #expect(try node.run("log", "show", "lontar-a", "--json").output.contains("contact.checked"))
        }
    }
}
