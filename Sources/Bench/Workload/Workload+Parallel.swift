import Dispatch
import Synchronization

extension Workload {
    /// Logs of villages `numbers`, and what `body` makes of each, on all processors.
    func villages<Value: Sendable>(
        _ numbers: Range<Int>, _ body: @Sendable (inout VillageLog) throws -> Value
    ) throws -> [(log: VillageLog, value: Value)] {
        let logs = try numbers.map { try VillageLog($0, workload: self) }
        return try advance(logs, body)
    }

    /// The same for logs that exist: what `body` makes of each, and the logs as they stand afterwards.
    func advance<Value: Sendable>(
        _ logs: [VillageLog], _ body: @Sendable (inout VillageLog) throws -> Value
    ) throws -> [(log: VillageLog, value: Value)] {
        let results = Mutex([Int: Result<(VillageLog, Value), any Error>]())
        DispatchQueue.concurrentPerform(iterations: logs.count) { index in
            let result = Result {
                var log = logs[index]
                let value = try body(&log)
                return (log, value)
            }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.sorted { $0.key < $1.key }.map { try $0.value.get() }
    }
}
