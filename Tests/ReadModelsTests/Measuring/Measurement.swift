import Catalogue
import ReadModels

/// How fast the read models are kept up and rebuilt; the numbers are those of the machine, their ratios the program's.
struct Measurement {
    var linesBefore = 0
    var linesTaken = 0
    var secondsTaken = 0.0
    var linesRebuilt = 0
    var secondsRebuilt = 0.0

    var rate: Double { Double(linesTaken) / secondsTaken }
    var rebuildRate: Double { Double(linesRebuilt) / secondsRebuilt }

    /// Reads `before` rounds of 50 lines of each village, then measures one round more, then a rebuild of all.
    static func run(
        path: String, villages: Int, before: Int, rebuild: Bool, options: EngineOptions = EngineOptions()
    ) throws -> Measurement {
        let engine = try ModelEngine(path: path, catalogue: try Catalogue.bundled(), options: options)
        var result = Measurement()
        var workload = Workload(villages: villages, linesPerRun: 50, rounds: before)
        result.linesBefore = try engine.advance(from: workload).lines
        workload.rounds = before + 1
        (result.linesTaken, result.secondsTaken) = try timed { try engine.advance(from: workload).lines }
        if rebuild {
            (result.linesRebuilt, result.secondsRebuilt) = try timed { try engine.rebuild(from: workload).lines }
        }
        engine.close()
        return result
    }

    private static func timed(_ body: () throws -> Int) rethrows -> (Int, Double) {
        let start = ContinuousClock.now
        let lines = try body()
        return (lines, (ContinuousClock.now - start) / .seconds(1))
    }
}
