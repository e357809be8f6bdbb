import Event
import Foundation
import TestKit
import Testing

/// What identifies a person is in no file, log or packet of a node that may not read it.
///
/// Names, numbers, addresses and notes that nobody has are planted in every personal field of every type that villages
/// and hubs record, carried to the centre by the real program, and then looked for everywhere, as they are and in the
/// disguises that programs give to text.
@Suite(.timeLimit(.minutes(8))) struct `planted names and numbers` {
    @Test func `are in no file, log, answer or packet of the centre, nor in what a hub stores`() async throws {
        let seed =
            ProcessInfo.processInfo.environment["SIMPUL_CANARY_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...999_999)
        print("canaries: SIMPUL_CANARY_SEED=\(seed)")
        let scan: CanaryScan = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try CanaryScan(seed: seed) }) }
        }
        print("canaries: \(scan.planted) in \(scan.fields) fields; \(scan.scanned) bytes in \(scan.places) places")
        #expect(scan.planted >= 500)
        // The scan can find: who holds the keys sees all of them, and the centre has the word that it may have.
        #expect(scan.unseen == [])
        #expect(scan.markMissingIn == [])
        #expect(scan.leaks == [])
        #expect(scan.coreDumps == [])
        // Every key was there to be found; once its holder is erased none is, and what it encrypted opens nowhere.
        print("canaries: \(scan.keys) keys and wrapped keys of \(scan.holders) holders destroyed")
        #expect(scan.holders > 200)
        #expect(scan.keysUnseen == 0)
        #expect(scan.keysLeft == [])
        #expect(scan.readable == [])
    }

    @Test func `are found in every disguise, wherever they stand`() throws {
        var breeder = CanaryBreeder(seed: 7)
        var dice = SeededGenerator(seed: 7)
        let canaries = (0..<40).map { breeder.word("test.word\($0)") }
        let scanner = CanaryScanner(canaries)
        for (index, canary) in canaries.enumerated() {
            let text = Array("a\(canary.needles[0].uppercased())z".utf8)
            let disguises: [(Disguise, [UInt8])] = [
                (.plain, text), (.plain, text.flatMap { [$0, 0] }), (.plain, text.flatMap { [0, $0] }),
                (.base64, Array(Data(dice.bytes(index % 3) + text).base64EncodedString().utf8)),
                (.hexadecimal, Array(text.map { String(format: "%02X", $0) }.joined().utf8)),
                (.percent, Array(text.map { String(format: "%%%02X", $0) }.joined().utf8)),
                (.escaped, Array(text.map { String(format: "\\u%04x", $0) }.joined().utf8)),
            ]
            for (disguise, bytes) in disguises {
                let hay = dice.bytes(500) + bytes + dice.bytes(500)
                #expect(scanner.hits(in: hay) == [.init(canary: index, disguise: disguise)], "\(disguise)")
            }
        }
        #expect(scanner.hits(in: dice.bytes(100_000)) == [])
    }
}

/// One world with canaries, and where they were found.
struct CanaryScan: Sendable {
    var planted = 0
    var fields = 0
    var places = 0
    var scanned = 0
    /// Canaries that not even the nodes with keys show.
    var unseen: [String] = []
    var markMissingIn: [String] = []
    var leaks: [String] = []
    var coreDumps: [String] = []
    var keys = 0
    var holders = 0
    /// Pieces of keys that the scan did not find while they were there.
    var keysUnseen = 0
    /// Files in which keys stand after all holders were erased.
    var keysLeft: [String] = []
    /// Canaries that somebody can still read then.
    var readable: [String] = []

    init(seed: UInt64) throws {
        let world = try PlantedWorld(seed: seed)
        try world.play()
        planted = world.canaries.count
        fields = Set(world.canaries.map(\.place)).count
        let scanner = CanaryScanner(world.canaries)
        for node in [world.village, world.hub] {
            let seen = Set(scanner.hits(in: try world.shownWithKeys(at: node)).map(\.canary))
            unseen += world.canaries.indices.filter { !seen.contains($0) }.map {
                "\(node): \(world.canaries[$0].place)"
            }
        }
        try lookEverywhere(world, scanner)
        try erase(world, scanner)
        leaks = Array(Set(leaks)).sorted()
    }

    private mutating func lookEverywhere(_ world: PlantedWorld, _ scanner: CanaryScanner) throws {
        let mark = CanaryScanner([world.mark])
        var marked: Set<String> = []
        for (place, bytes) in try Self.places(world) {
            places += 1
            scanned += bytes.count
            leaks += scanner.hits(in: bytes).map { "\(world.canaries[$0.canary].place) in \(place), \($0.disguise)" }
            if !mark.hits(in: bytes).isEmpty { marked.insert(place) }
        }
        for wanted in Self.holdersOfMark(world) where !marked.contains(where: { $0.hasPrefix(wanted) }) {
            markMissingIn.append(wanted)
        }
    }

    /// Everybody is erased; then the same is looked for in the same places, and their keys beside.
    private mutating func erase(_ world: PlantedWorld, _ scanner: CanaryScanner) throws {
        var material = KeyMaterial()
        for node in [world.village, world.hub] {
            var here = KeyMaterial()
            try here.take(from: world.folder(node))
            keysUnseen += try here.unseen(in: world.folder(node))
            try material.take(from: world.folder(node))
        }
        (keys, holders) = (material.pieces.count, material.holders.count)
        try world.erase(material.holders)
        for node in [world.village, world.hub, world.centre] {
            keysLeft += try material.found(in: world.folder(node)).map { "\(node)/\($0.key): \($0.value)" }
            readable += scanner.hits(in: try world.shownWithKeys(at: node)).map {
                "\(world.canaries[$0.canary].place) at \(node)"
            }
        }
        markMissingIn = []
        try lookEverywhere(world, scanner)
        coreDumps = world.coreDumps
    }

    /// Where the word that the centre may have must be found, or the scan did not look there: the logs, with what is
    /// still in their write-ahead logs, and the lines in the frames on their way up.
    private static func holdersOfMark(_ world: PlantedWorld) -> [String] {
        [world.centre, world.backup, world.hub, world.village, world.hub + ".backup", world.village + ".backup"]
            .map { $0 + "/log.db" }
            + world.lines.map { "\($0.name), frames up" }
    }

    /// Where nothing may be.
    private static func places(_ world: PlantedWorld) throws -> [(place: String, bytes: [UInt8])] {
        var places = world.shown + (try world.logs())
        for node in [world.centre, world.backup, world.hub, world.village] { places += try world.files(of: node) }
        for node in [world.centre, world.hub, world.village] { places += try world.files(of: node + ".tmp") }
        for node in [world.hub, world.village] { places += try world.files(of: node + ".backup") }
        for line in world.lines {
            for (way, packets) in [("up", line.relay.recorded.up), ("down", line.relay.recorded.down)] {
                for connection in packets { places.append(("\(line.name), packets \(way)", connection)) }
                places.append(("\(line.name), frames \(way)", try packets.flatMap { try HTTPBodies.frames(in: $0) }))
            }
        }
        return places
    }
}
