import Event
import ReadModels
import TestKit

@testable import Node

/// The same lines in another order of arrival: each log in its own order, in runs of other lengths, some twice.
struct ShuffledIntake: IntakeReader {
    private let store: StoreIntake
    private var all: [IntakeRun] = []

    init(_ store: StoreIntake, _ dice: inout SeededGenerator) throws {
        self.store = store
        var waiting: [LogName: [IntakeRun]] = [:]
        for run in try store.runs(from: 0, limit: .max) {
            var rest = run.lines[...]
            var first = run.first
            while !rest.isEmpty {
                let part = Array(rest.prefix(Int.random(in: 1...4, using: &dice)))
                waiting[run.log, default: []].append(IntakeRun(cut: 0, log: run.log, first: first, lines: part))
                first += Int64(part.count)
                rest = rest.dropFirst(part.count)
            }
        }
        while let log = waiting.keys.sorted().randomElement(using: &dice), var runs = waiting[log] {
            add(runs.removeFirst())
            waiting[log] = runs.isEmpty ? nil : runs
            if dice.once(in: 8), let again = all.randomElement(using: &dice) { add(again) }
        }
    }

    private mutating func add(_ run: IntakeRun) {
        all.append(IntakeRun(cut: Int64(all.count) + 1, log: run.log, first: run.first, lines: run.lines))
    }

    var intakeSize: Int64 { Int64(all.count) }

    func runs(from cut: Int64, limit: Int) -> [IntakeRun] { Array(all[Int(cut)...]) }

    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? { try store.line(log, sequence) }

    func author(of log: LogName) throws -> LogAuthor? { try store.author(of: log) }
}

/// An intake as it was at a cut.
struct PrefixIntake: IntakeReader {
    let intake: StoreIntake
    let cut: Int64

    var intakeSize: Int64 { cut }

    func runs(from start: Int64, limit: Int) throws -> [IntakeRun] {
        try intake.runs(from: start, limit: .max).filter { $0.cut <= cut }
    }

    func line(_ log: LogName, _ sequence: Int64) throws -> [UInt8]? { try intake.line(log, sequence) }

    func author(of log: LogName) throws -> LogAuthor? { try intake.author(of: log) }
}
