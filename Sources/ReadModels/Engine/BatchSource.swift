import Dispatch
import Event

/// Gives batch after batch of the intake, reading and parsing the next one while the last is written.
///
/// Only a full batch has another read ahead: a node that takes up a single line starts no thread.
final class BatchSource {
    private let intake: any IntakeReader
    private let extractor: LineExtractor
    private let batchLines: Int
    private var next: Int64
    private var ahead: PendingBatch?

    init(intake: any IntakeReader, extractor: LineExtractor, batchLines: Int, after cut: Int64) {
        self.intake = intake
        self.extractor = extractor
        self.batchLines = batchLines
        next = cut
    }

    /// The next batch; empty at the end of the intake.
    func batch() throws -> [ParsedRun] {
        let batch = try ahead.map { try $0.wait() } ?? Self.read(intake, extractor, after: next, limit: batchLines)
        ahead = nil
        guard let last = batch.last else { return batch }
        next = last.cut
        if batch.reduce(0, { $0 + $1.parsed.lines.count }) >= batchLines {
            ahead = PendingBatch { [intake, extractor, next, batchLines] in
                try Self.read(intake, extractor, after: next, limit: batchLines)
            }
        }
        return batch
    }

    private static func read(
        _ intake: any IntakeReader, _ extractor: LineExtractor, after cut: Int64, limit: Int
    ) throws -> [ParsedRun] {
        var extractor = extractor
        return try intake.runs(from: cut, limit: limit).map { ParsedRun($0, with: &extractor) }
    }
}

/// A batch that another thread is reading.
private final class PendingBatch: @unchecked Sendable {
    // Unchecked: `result` is written once before `done` is signalled, and read only after waiting for it.
    private let done = DispatchSemaphore(value: 0)
    private var result: Result<[ParsedRun], any Error> = .success([])

    init(_ body: @escaping @Sendable () throws -> [ParsedRun]) {
        DispatchQueue.global(qos: .userInitiated).async {
            self.result = Result { try body() }
            self.done.signal()
        }
    }

    func wait() throws -> [ParsedRun] {
        done.wait()
        return try result.get()
    }
}
