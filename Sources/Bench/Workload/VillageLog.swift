import Catalogue
import Crypto
import Event
import Foundation
import Node
import Store
import Sync
import TransparencyLog

/// The log of a village that does not exist, as its laptop would write it: real types, valid payloads, personal
/// members encrypted, corrections and retractions of earlier lines, checkpoints signed by its own key.
struct VillageLog: Sendable {
    let enrolment: Enrolment
    let log: LogName
    private let key: Curve25519.Signing.PrivateKey
    private let workload: Workload
    private var random: SeededRandom
    private var life: VillageLife
    private var edge = TreeEdge()
    private var clock = HybridClock()
    /// Names of the keys under which personal members were sealed, all of them `Workload.personKey`.
    private(set) var keyNames: Set<String> = []
    /// Visits that can be corrected: reference and subject.
    private var targets: [(reference: String, subject: String)] = []

    var size: Int64 { edge.size }

    /// A log of a village that exists only for this: keys and region follow from its number.
    init(_ number: Int, lane: Lane = .main, workload: Workload) throws {
        var random = SeededRandom(seed: UInt64(number) + 1)
        let keyBytes = (0..<4).flatMap { _ in withUnsafeBytes(of: random.next()) { Array($0) } }
        let key = try Curve25519.Signing.PrivateKey(rawRepresentation: keyBytes)
        let enrolment = Enrolment(
            node: try NodeName("desa-\(number)"), epoch: Epoch(bits: random.next()),
            region: try RegionCode(Self.region(number)), edition: "2025-2430", role: .village,
            sign: key.publicKey.rawRepresentation, wrap: Data(keyBytes))
        self.init(enrolment, key: key, lane: lane, random: random, workload: workload)
    }

    /// The log of a node that is there.
    init(_ node: Node, lane: Lane = .main, workload: Workload) {
        self.init(node.own, key: node.keys.sign, lane: lane, random: SeededRandom(seed: 1), workload: workload)
    }

    private init(
        _ enrolment: Enrolment, key: Curve25519.Signing.PrivateKey, lane: Lane, random: SeededRandom, workload: Workload
    ) {
        self.enrolment = enrolment
        self.key = key
        log = LogName(
            node: enrolment.node, audience: .region(enrolment.region), lane: lane, epoch: enrolment.epoch)
        life = VillageLife(region: enrolment.region)
        self.random = random
        self.workload = workload
    }

    /// Villages fill districts of 70, districts fill regencies of 20, of province 36.
    private static func region(_ number: Int) -> String {
        let village = number % 70
        let district = number / 70 % 20
        let regency = number / 1_400
        return String(format: "36.%02d.%02d.%04d", regency + 1, district + 1, village + 2_001)
    }

    /// The next line, in its place.
    mutating func nextLine() throws -> [UInt8] {
        life.pass(&random)
        let line = try nextEvent()
        let bytes = try line.encoded()
        let hash = Hash.leaf(bytes)
        if line.type == "visit.recorded" {
            targets.append(("\(log)#\(edge.size)~\(hash.hex)", line.subject))
            if targets.count > 50 { targets.removeFirst() }
        }
        edge.append(leaf: hash)
        return bytes
    }

    mutating func nextLines(_ count: Int) throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        lines.reserveCapacity(count)
        for _ in 0..<count { lines.append(try nextLine()) }
        return lines
    }

    /// The next `count` lines as a frame under a fresh checkpoint.
    mutating func nextFrame(_ count: Int) throws -> LinesFrame {
        let from = edge.size
        let lines = try nextLines(count)
        let checkpoint = Checkpoint(origin: log.origin, size: edge.size, root: edge.root)
        let note = try NoteSigner(name: log.origin, key: key).note(checkpoint.text).description
        return LinesFrame(log: log, from: from, lines: lines, note: note)
    }

    private mutating func nextEvent() throws -> EventLine {
        guard let template = workload.template(&random, canAmend: !targets.isEmpty) else { return amendment() }
        let type = template.type
        let data = template.data(&life, &random)
        let subject = subject(type, data)
        return line(
            type.name, version: type.version, subject, occurredAt: type.occurredAt(in: data),
            try sealed(data, type, subject))
    }

    private mutating func line(
        _ type: String, version: Int, _ subject: String, occurredAt: OccurredAt? = nil, _ data: JSON
    ) -> EventLine {
        let moment = life.moment
        return EventLine(
            type: type, version: version, source: log, sequence: edge.size, subject: subject, time: moment,
            hybridTime: clock.now(wall: moment.milliseconds), occurredAt: occurredAt ?? OccurredAt(moment),
            actor: "co-3f9a1c20", role: "community_organizer", region: life.region, regionEdition: "2025-2430",
            data: data)
    }

    private mutating func subject(_ type: EventType, _ data: JSON) -> String {
        type.subject(in: data) ?? life.identifier(of: type.subject.kind, &random)
    }

    /// A correction of a visit, one in seven times a retraction.
    private mutating func amendment() -> EventLine {
        let target = targets[Int(random.next() % UInt64(targets.count))]
        guard random.next() % 7 > 0 else {
            return line(
                "record.retracted", version: 1, target.subject,
                ["target": .string(target.reference), "reason": "wrong_person"])
        }
        let minutes = Int64.random(in: 5...120, using: &random)
        return line(
            "record.corrected", version: 1, target.subject,
            ["target": .string(target.reference), "reason": "typo", "patch": ["duration_min": .int(minutes)]])
    }

    private mutating func sealed(_ data: JSON, _ type: EventType, _ subject: String) throws -> JSON {
        let (plain, personal) = type.split(data)
        guard let personal else { return plain }
        let keyName = type.keyHolder(in: data, subject: subject) + "/1"
        keyNames.insert(keyName)
        return plain.setting(
            "personal",
            to: try PersonalBox.seal(
                personal, type: type.name, subject: subject, keyName: keyName, key: workload.personKey))
    }
}
