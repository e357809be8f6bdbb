import Catalogue
import Event
import Foundation
import ReadModels
import Store
import TestKit

@testable import Node

/// 5: the centre's read models, kept up as lines came, against others made of the same lines in other orders.
final class CentreModels {
    private let world: World
    private var engine: ModelEngine?
    private var number = 0

    init(_ world: World) { self.world = world }

    private var intake: StoreIntake { StoreIntake(store: world.machine(.centre).store) }

    private func open() throws -> ModelEngine {
        number += 1
        return try SmallCatalogue.engine(world.file("models-\(number).db"))
    }

    private func current() throws -> ModelEngine {
        if let engine { return engine }
        let opened = try open()
        engine = opened
        return opened
    }

    var reader: ModelReader { get throws { try current().reader } }

    func advance() throws { _ = try current().advance(from: intake) }

    /// The centre was put back: its models are of a future that did not happen.
    func forget() throws {
        engine?.close()
        engine = nil
    }

    deinit { engine?.close() }

    // MARK: - Checking

    func check(_ dice: inout SeededGenerator) throws {
        try advance()
        try checkShuffled(&dice)
        try checkKnownThen(&dice)
        try expectation().check(try reader)
    }

    private func checkShuffled(_ dice: inout SeededGenerator) throws {
        let other = try open()
        defer { other.close() }
        let arrived = try Shuffled(world.machine(.centre), folder: world.file("shuffled"), &dice)
        defer { arrived.close() }
        _ = try other.advance(from: arrived.intake)
        let (kept, shuffled) = (try reader.digests(), try other.reader.digests())
        guard kept == shuffled else {
            let names = kept.keys.filter { kept[$0] != shuffled[$0] }.sorted()
            throw Violation(
                invariant: 5, node: "pusat", what: "\(names.joined(separator: ", ")): other rows from another order")
        }
        let (parked, others) = (try parkedLines(reader), try parkedLines(other.reader))
        guard parked == others else {
            let differing = Set(parked).symmetricDifference(others).sorted().first ?? ""
            throw Violation(invariant: 5, node: "pusat", what: "\(differing) is parked in one order and not in another")
        }
    }

    private func parkedLines(_ reader: ModelReader) throws -> [String] {
        try reader.parked(limit: 10_000).map { "\($0.log)#\($0.sequence) \($0.reason.rawValue)" }.sorted()
    }

    /// As of an earlier cut: what models made of the intake up to there show.
    private func checkKnownThen(_ dice: inout SeededGenerator) throws {
        let size = try intake.intakeSize
        guard size > 1 else { return }
        let cut = Int64.random(in: 1..<size, using: &dice)
        let other = try open()
        defer { other.close() }
        _ = try other.advance(from: PrefixIntake(intake: intake, cut: cut))
        for name in SmallCatalogue.folds {
            let (then, replayed) = (
                try reader.digest(of: name, asOf: AsOf(cut: cut)), try other.reader.digest(of: name)
            )
            guard then == replayed else {
                throw Violation(
                    invariant: 5, node: "pusat", what: "\(name) as of cut \(cut) is not what its replay gives")
            }
        }
    }

    func expectation() throws -> Expectation { try Expectation(world.machine(.centre)) }
}

/// A few event types and models of the program's own: reading all of them takes longer than a history.
enum SmallCatalogue {
    static let folds = ["household_visits", "person_state"]

    static func engine(_ path: String) throws -> ModelEngine {
        // An engine's empty file, made once, to start from.
        try FileManager.default.copyItem(atPath: empty.get().file("models.db"), toPath: path)
        return try ModelEngine(
            path: path, catalogue: installed.get().catalogue,
            options: EngineOptions(cacheMegabytes: 2, batchLines: 1_000))
    }

    private static let empty: Result<TestFolder, any Error> = Result { () throws -> TestFolder in
        let folder = try TestFolder("models")
        try ModelEngine(path: folder.file("models.db"), catalogue: installed.get().catalogue).close()
        return folder
    }

    /// With the folder, as models are read from their files when an engine opens.
    private static let installed: Result<(catalogue: Catalogue, folder: TestFolder), any Error> = Result {
        () throws -> (catalogue: Catalogue, folder: TestFolder) in
        let bundled = try Catalogue.bundledFolder()
        let folder = try TestFolder("catalogue")
        let files = FileManager.default
        for part in ["codelists", "access", "rules"] {
            try files.copyItem(at: bundled.appending(path: part), to: URL(filePath: folder.file(part)))
        }
        let wanted = [
            "events": [
                "node.enrolled", "node.revoked", "node.contacted", "visit.recorded", "record.corrected",
                "record.retracted", "person.registered", "person.stage_changed", "person.merged", "departure.recorded",
                "return.arrived", "return.handed_over", "person.moved",
            ].map { $0 + ".json" },
            "models": folds.map { $0 + ".sql" },
        ]
        for (part, names) in wanted {
            try files.createDirectory(atPath: folder.file(part), withIntermediateDirectories: true)
            for name in names {
                try files.copyItem(
                    at: bundled.appending(path: part).appending(path: name),
                    to: URL(filePath: folder.file(part) + "/" + name))
            }
        }
        return (try Catalogue.load(folders: [URL(filePath: folder.path)]), folder)
    }
}
