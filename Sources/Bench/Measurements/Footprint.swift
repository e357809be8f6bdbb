import Catalogue
import Foundation
import Node
import Store

/// What the program takes of an old laptop: memory of the sync daemon, size on the disk.
struct Footprint: Measurement {
    let name = "footprint"
    let about = "memory of a village's sync daemon after it carried 13,000 lines up; size of the executable"

    private static let events = 13_000

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let centre = try ServedCentre(setting)
        defer { centre.program.stop() }
        let node = try centre.join("lontar-a", region: "36.04.13.2007", role: .village)
        note("  writing \(Self.events.grouped) lines …")
        try node.write(Self.events, Workload(catalogue: .bundled()))
        let folder = node.folder.path
        try node.close()
        let memory = try daemon(setting, folder)
        return [
            BenchRow(
                "sync daemon of a village after \(Self.events.grouped) lines went up and three idle syncs",
                memory.now, atMost: 40, digits: 0, unit: " MB",
                detail: "at its most \(memory.most.text(digits: 0)) MB; its own pages "
                    + "\(memory.anonymous.text(digits: 0)) MB"),
            BenchRow("executable, stripped", value: "\(try size(setting).text(digits: 1)) MB"),
        ]
    }

    private func daemon(
        _ setting: Setting, _ folder: String
    ) throws -> (now: Double, most: Double, anonymous: Double) {
        let log = folder + "/daemon.log"
        let program = try Program(
            setting.program, ["sync", "--folder", folder, "--every", "5s"], log: log)
        defer { program.stop() }
        let start = ContinuousClock.now
        while true {
            let text = try String(contentsOfFile: log, encoding: .utf8)
            // The log says so after each; the first one carries everything.
            if text.split(separator: "\n").count(where: { $0.contains("Synced") }) >= 4 { break }
            guard program.isRunning, ContinuousClock.now - start < .seconds(120) else {
                throw ProgramFailure(message: "the daemon did not sync: \(text.suffix(600))")
            }
            usleep(20_000)
        }
        return (program.memory(), program.memory("VmHWM"), program.memory("RssAnon"))
    }

    /// In MB, without symbols, as it is installed.
    private func size(_ setting: Setting) throws -> Double {
        let stripped = setting.scratch.path + "/stripped"
        try Program.output("strip", ["-o", stripped, setting.program])
        let attributes = try FileManager.default.attributesOfItem(atPath: stripped)
        return (attributes[.size] as? NSNumber).map { $0.doubleValue / 1e6 } ?? .nan
    }
}
