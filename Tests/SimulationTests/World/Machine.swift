import Crypto
import Event
import Foundation
import Store
import Sync
import TransparencyLog

/// One copy of one disk, and who runs on it.
final class Machine {
    /// Told apart in reports: the node's name, with a number where there are several machines of that name.
    let label: String
    let site: Site
    private(set) var keys: KeyPool.Keys
    let folder: String
    private(set) var store: LogStore
    /// What is kept between syncs, by parent. On the disk, so copied and restored with it.
    var memory: [NodeName: ClientSession.Memory] = [:]
    var parent: Site?
    /// By how many milliseconds its clock is wrong.
    var skew: Int64 = 0
    /// It writes nothing: what it wrote before it was put back is not all here again.
    var isMute = false

    var node: NodeName { store.signer.node }
    var own: Enrolment { get throws { keys.enrolment(node, try RegionCode(site.region), site.role) } }

    init(_ site: Site, label: String, keys: KeyPool.Keys, folder: String) throws {
        (self.site, self.label, self.keys, self.folder) = (site, label, keys, folder)
        parent = site.parent
        store = try Self.open(site, keys, folder)
    }

    private static func open(_ site: Site, _ keys: KeyPool.Keys, _ folder: String) throws -> LogStore {
        try LogStore(
            folder: folder, signer: Signer(node: try NodeName(site.name), epoch: keys.epoch, key: keys.sign))
    }

    /// Stops without a word and starts again from what is on the disk.
    func restart() throws {
        try store.close()
        store = try Self.open(site, keys, folder)
    }

    func close() throws { try store.close() }

    /// Goes on under an epoch of its own, on the same disk.
    func go(on keys: KeyPool.Keys) throws {
        try store.close()
        self.keys = keys
        store = try Self.open(site, keys, folder)
        try store.trust(own)
    }

    /// Whether it may write: one that was restored waits for others.
    var mayWrite: Bool { get throws { try !isMute && !store.isHolding() } }

    // MARK: - Writing

    /// Appends one line.
    ///
    /// - Parameter make: its data; nil bytes make an event of it.
    func append(
        _ type: String, subject: String, data: JSON, audience: RegionCode? = nil, lane: String = "main", wall: Int64,
        dedupe: String? = nil, version: Int = 1
    ) throws -> AppendedLine {
        let region = try audience ?? RegionCode(site.region)
        let time = DateTime(milliseconds: wall + skew, offsetMinutes: 420)
        return try append(audience: region, lane: lane, wall: wall) { place in
            try EventLine(
                type: type, version: version, source: place.log, sequence: place.sequence, subject: subject, time: time,
                hybridTime: place.hybridTime, occurredAt: OccurredAt(time), actor: "a-1",
                role: "community_organizer", region: region, regionEdition: "2025-2430", dedupeKey: dedupe, data: data
            ).encoded()
        }
    }

    func append(
        audience: RegionCode, lane: String, wall: Int64, _ make: @escaping (LinePlace) throws -> [UInt8]
    ) throws -> AppendedLine {
        let log = store.signer.log(.region(audience), lane: try Lane(lane))
        return try store.append(wall: wall + skew, [(log: log, make: make)])[0]
    }

    // MARK: - Looking

    /// Every line of descent of the logs that travel.
    func heads() throws -> [Head] { try store.heads().filter { $0.log.audience != .local } }

    /// Of each log the line of descent that this machine met first.
    func logs() throws -> [TableRow] { try store.logs().filter { $0.log.audience != .local } }

    /// All lines of a line of descent, from the log's first.
    func lines(_ head: Head) throws -> [[UInt8]] {
        try store.lines(head.log, branch: head.branch, from: 0, through: head.size - 1)
    }

    /// What is stated of a log, of all its histories.
    func receipts(_ log: LogName) throws -> [Receipt] {
        try store.receipts(atOrBelow: .nation).filter { $0.log == log }
    }

    /// Whether a line is on this disk, in whatever history of its log.
    func holds(_ line: AppendedLine) throws -> Bool { try store.line(line.reference) == line.bytes }

    /// Whether a line of descent here has that root at that size.
    func holds(_ log: LogName, _ size: Int64, _ root: Hash) throws -> Bool {
        try heads().contains { head in
            guard head.log == log, head.size >= size else { return false }
            var edge = TreeEdge()
            for line in try lines(head).prefix(Int(size)) { edge.append(leaf: Hash.leaf(line)) }
            return edge.root == root
        }
    }
}
