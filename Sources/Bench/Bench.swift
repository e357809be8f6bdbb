import ArgumentParser
import Foundation

/// Measures what the project promises about speed and size, and prints one Markdown table.
///
/// Ratios are taken within one run, against SQLite, zstd or Foundation doing the bare work on the same machine, so
/// that they hold on others too. What limits each figure stands in `docs/performance.md`.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure speed and size, as a Markdown table.",
        discussion: "Build it optimized: swift run -c release bench")

    @Flag(help: "Less data and fewer repetitions: minutes become seconds, and figures rougher.")
    var quick = false

    @Option(help: "Only the measurements whose names start so, separated by commas.")
    var only: String?

    @Option(help: "Folder for the databases that are made and removed again. Default: a new one in the system's.")
    var folder: String?

    @Option(help: "The simpul executable, where a measurement runs it. Default: the one beside bench.")
    var program: String?

    @Flag(help: "List the measurements.")
    var list = false

    func run() async throws {
        let chosen = try measurements()
        if list {
            for measurement in chosen { print("\(measurement.name): \(measurement.about)") }
            return
        }
        let scratch = try Scratch(parent: folder)
        defer { scratch.remove() }
        let setting = Setting(
            isQuick: quick, scratch: scratch,
            program: program ?? Bundle.main.bundleURL.appending(path: "simpul").path)
        var table = BenchTable()
        for measurement in chosen {
            note("\(measurement.name) …")
            do {
                table.add(try await measurement.run(setting))
            } catch {
                table.add([BenchRow(measurement.name, value: "failed: \(error)", verdict: .missed)])
            }
        }
        print(Machine.description)
        print("")
        print(table.markdown)
        if table.hasFailures { throw ExitCode.failure }
    }

    private func measurements() throws -> [any Measurement] {
        let all: [any Measurement] = [
            ReceivingFrames(batch: 50), ReceivingFrames(batch: 1_000), KeepingUp(), Rebuilding(), SessionOverLoopback(),
            IdleSession(), VillageForms(), Footprint(), StrictReader(),
        ]
        guard let only else { return all }
        let wanted = only.split(separator: ",")
        let chosen = all.filter { measurement in wanted.contains { measurement.name.hasPrefix($0) } }
        guard !chosen.isEmpty else {
            throw ValidationError(
                "There is no measurement “\(only)”. They are: \(all.map(\.name).joined(separator: ", ")).")
        }
        return chosen
    }
}

/// Progress goes to standard error, so that the table alone can be kept.
func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
