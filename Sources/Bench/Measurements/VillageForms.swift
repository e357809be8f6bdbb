import Catalogue
import Foundation
import Node
import Store

/// What an organizer waits for on an old laptop: the app to start, and a form to be saved.
struct VillageForms: Measurement {
    let name = "village"
    let about = "form submitted to saved at 13,000 events, on a quarter of a core and a disk with slow syncs; start-up"

    /// Ten years of a village.
    private static let events = 13_000
    private static let share = 0.25
    private static let slower = 10

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let folder = try await village(setting)
        let fast = try start(setting, folder) { _ in }
        let share = ProcessorShare(Self.share)
        defer { share.release() }
        let disk = try SlowDisk(setting.scratch, milliseconds: Self.slower)
        let slow = try start(setting, folder, share, disk) { try $0.work(rounds: setting.isQuick ? 20 : 100) }
        let (saved, fastest) = (slow.value, slow.value.min() ?? 0)
        guard fastest * 1_000 >= Double(Self.slower) else {
            throw ProgramFailure(message: "a form was saved in \(fastest) s: the slower syncs were not in effect")
        }
        return [
            BenchRow(
                "village app, form submitted to saved at \(Self.events.grouped) events, a quarter of a core "
                    + "(\(share.means)), syncs \(Self.slower) ms slower, p99 of \(saved.count) forms",
                saved.percentile(0.99) * 1_000, atMost: 200, digits: 0, unit: " ms",
                detail: "median \((saved.median * 1_000).text(digits: 0)), "
                    + "slowest \(((saved.max() ?? 0) * 1_000).text(digits: 0))"),
            BenchRow(
                "its start until it listens",
                value: "\(fast.seconds.text(digits: 2)) s; \(slow.seconds.text(digits: 2)) s on the quarter"),
            BenchRow(
                "its first board, everything read anew",
                value: "\(fast.board.text(digits: 2)) s; \(slow.board.text(digits: 2)) s on the quarter"),
            BenchRow("its memory afterwards", value: "\(slow.memory.text(digits: 0)) MB resident"),
        ]
    }

    /// A village with its years of work, its read models up to date, and an organizer with a PIN.
    private func village(_ setting: Setting) async throws -> String {
        let centre = try ServedCentre(setting)
        defer { centre.program.stop() }
        let node = try centre.join("lontar-a", region: "36.04.13.2007", role: .village)
        note("  writing \(Self.events.grouped) lines …")
        try node.write(Self.events, Workload(catalogue: .bundled()))
        try node.project()
        try Accounts(folder: node.folder, region: node.own.region, rule: .pin)
            .add(name: FormVisitor.name, secret: FormVisitor.pin, role: "community_organizer")
        let folder = node.folder.path
        try node.close()
        return folder
    }

    private struct Started<Value> {
        var seconds: Double
        var board: Double
        var memory: Double
        var value: Value
    }

    /// Starts the app, opens its board, and runs a body.
    private func start<Value>(
        _ setting: Setting, _ folder: String, _ share: ProcessorShare? = nil, _ disk: SlowDisk? = nil,
        _ body: (FormVisitor) throws -> Value
    ) throws -> Started<Value> {
        let (program, port, seconds) = try Program.listening(
            setting, "app", folder: folder, environment: disk?.environment ?? [:], share: share)
        defer { program.stop() }
        let visitor = FormVisitor(port: port)
        do {
            let board = try visitor.welcome()
            let value = try body(visitor)
            return Started(seconds: seconds, board: board, memory: program.memory(), value: value)
        } catch {
            throw ProgramFailure(message: "\(error); \(program.fate(log: folder + "/app.log"))")
        }
    }
}
