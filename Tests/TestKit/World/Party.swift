import Crypto
import Event
import Foundation
import Node
import Store
import Sync

/// A node without catalogue, models and HTTP: real keys, a real store in a folder of its own, and a real keyring.
public final class Party {
    public let keys: NodeKeys
    public let own: Enrolment
    public let parent: Enrolment?
    public let folder: TestFolder
    public private(set) var store: LogStore
    public private(set) var keyring: PersonKeyring
    /// What is kept of the parent between syncs.
    public var memory = ClientSession.Memory()
    /// The wall clock in milliseconds since 1970; goes on by a second with each record.
    public var wall: Int64 = 1_786_700_000_000
    /// What was confirmed to this node's user.
    public private(set) var confirmed: [AppendedLine] = []

    init(_ node: String, region: String, role: Enrolment.Role, trusting: [Enrolment], parent: Enrolment?) throws {
        keys = NodeKeys()
        own = keys.enrolment(
            node: try NodeName(node), region: try RegionCode(region), edition: "2025-2430", role: role)
        self.parent = parent
        folder = try TestFolder(node)
        store = try LogStore(folder: folder.path, signer: Signer(node: own.node, epoch: own.epoch, key: keys.sign))
        keyring = try Self.keyring(folder, store, own, keys)
        for enrolment in trusting + [own] { try store.trust(enrolment) }
    }

    /// The node at the top.
    public static func centre(_ name: String = "pusat") throws -> Party {
        let party = try Party(name, region: "id", role: .centre, trusting: [], parent: nil)
        try party.enrol(party.own)
        return party
    }

    /// A node below this one, enrolled by a line as `simpul init --invite` has it done.
    public func child(_ name: String, region: String, role: Enrolment.Role, root: Party) throws -> Party {
        let child = try Party(
            name, region: region, role: role, trusting: root === self ? [own] : [root.own, own], parent: own)
        try enrol(child.own)
        return child
    }

    public func enrol(_ enrolment: Enrolment) throws {
        try append(
            "node.enrolled", subject: enrolment.node.description,
            data: enrolment.json.setting("since", to: .string("2026-08-14")))
        try keyring.settle()
    }

    public func revoke(_ enrolment: Enrolment) throws {
        try append(
            "node.revoked", subject: enrolment.node.description,
            data: .object([
                JSONMember("node", .string(enrolment.node.description)),
                JSONMember("epoch", .string(enrolment.epoch.description)), JSONMember("reason", .string("lost")),
                JSONMember("at", .string("2026-08-14T10:00:00Z")),
            ]))
    }

    /// Opens folder and store again, as a restart does.
    public func reopen() throws {
        try store.close()
        try open()
    }

    /// Opens the store again after it was closed.
    public func open() throws {
        store = try LogStore(folder: folder.path, signer: Signer(node: own.node, epoch: own.epoch, key: keys.sign))
        keyring = try Self.keyring(folder, store, own, keys)
    }

    private static func keyring(
        _ folder: TestFolder, _ store: LogStore, _ own: Enrolment, _ keys: NodeKeys
    ) throws -> PersonKeyring {
        PersonKeyring(
            keys: try PersonKeyStore(path: folder.file("persons.db")), store: store, own: own,
            parent: nil, wrapKey: { try keys.wrap(PlainKeeper()) })
    }

    // MARK: - Recording

    /// Appends one line; `audience` nil is this node's own region.
    @discardableResult
    public func append(
        _ type: String, subject: String = UUID().uuidString.lowercased(), data: JSON = .object([]),
        audience: RegionCode? = nil, lane: String = "main"
    ) throws -> AppendedLine {
        let log = store.signer.log(.region(audience ?? own.region), lane: try Lane(lane))
        wall += 1_000
        let time = DateTime(milliseconds: wall, offsetMinutes: 420)
        let appended = try store.append(
            wall: wall,
            [
                (
                    log: log,
                    make: { place in
                        try EventLine(
                            type: type, version: 1, source: log, sequence: place.sequence, subject: subject, time: time,
                            hybridTime: place.hybridTime, occurredAt: OccurredAt(time), actor: "a-976e3d16",
                            role: "community_organizer", region: audience ?? self.own.region,
                            regionEdition: "2025-2430", data: data
                        ).encoded()
                    }
                )
            ])
        confirmed += appended
        return appended[0]
    }

    /// Records a person whose name is encrypted under a key that was made for her.
    @discardableResult
    public func register(_ name: String, person: String = UUID().uuidString.lowercased()) throws -> AppendedLine {
        let (keyName, key) = try keyring.keyForWriting(of: person, region: own.region)
        let box = try PersonalBox.seal(
            .object([JSONMember("full_name", .string(name))]), type: "person.registered", subject: person,
            keyName: keyName, key: key)
        return try append(
            "person.registered", subject: person, data: .object([JSONMember("personal", box)]))
    }

    /// The names in the lines held here that this node can read.
    public func readableNames() throws -> Set<String> {
        var names: Set<String> = []
        for row in try store.logs() where row.log.audience != .local {
            for bytes in try store.lines(row.log, from: 0, through: row.size - 1) {
                let line = try EventLine(parsing: bytes)
                guard let box = line.data["personal"],
                    let opened = try PersonalBox.open(box, type: line.type, subject: line.subject, keyring: keyring),
                    let name = opened["full_name"]?.stringValue
                else { continue }
                names.insert(name)
            }
        }
        return names
    }
}
