import Catalogue
import Event
import Foundation

/// The strict line reader against Foundation's reader, which checks far less.
struct StrictReader: Measurement {
    let name = "reader"
    let about = "MB/s of the strict line reader against Foundation's JSONSerialization"

    func run(_ setting: Setting) async throws -> [BenchRow] {
        let workload = try Workload(catalogue: .bundled())
        let lines = try workload.villages(0..<20) { log in try log.nextLines(setting.isQuick ? 100 : 1_000) }
            .flatMap(\.value)
        let megabytes = Double(lines.reduce(0) { $0 + $1.count }) / 1e6
        let documents = lines.map { Data($0) }
        var tape = JSONTape()
        var strict: [Double] = []
        var foundation: [Double] = []
        for _ in 0..<setting.repetitions {
            strict.append(megabytes / (try seconds { for line in lines { try tape.scan(line) } }))
            foundation.append(
                megabytes / (try seconds { for line in documents { _ = try JSONSerialization.jsonObject(with: line) } })
            )
        }
        let mean = lines.reduce(0) { $0 + $1.count } / lines.count
        return [
            BenchRow(
                "strict line reader, lines of \(mean) bytes",
                value: "\(strict.median.grouped) MB/s, \((strict.median / foundation.median).text(digits: 1)) times "
                    + "JSONSerialization (\(foundation.median.grouped) MB/s)")
        ]
    }
}
