import Event
import TransparencyLog

/// The unit of a sync body and of a bundle: one zstd frame over a few lines of NDJSON
/// (`protocol/03-frames.md`). A body is a concatenation of them.
public enum Frame: Sendable {
    case lines(LinesFrame)
    case control([JSON])

    /// The NDJSON text of the frame.
    public var content: [UInt8] {
        switch self {
        case .lines(let frame): return frame.content
        case .control(let records):
            var content: [UInt8] = []
            for record in records {
                content.append(contentsOf: record.encoded())
                content.append(UInt8(ascii: "\n"))
            }
            return content
        }
    }

    /// The frame as it travels.
    public func encoded(level: Int32 = 9) throws(FrameError) -> [UInt8] {
        try Zstd.compress(content, level: level)
    }
}

extension Frame {
    /// Reads a frame's decoded content.
    ///
    /// - Throws: `FrameError` with `.malformed` or `.tooLarge`, naming the line of the content.
    public init(content: [UInt8]) throws(FrameError) {
        let ranges = try Frame.lineRanges(content)
        guard let first = ranges.first else { throw FrameError(.malformed, "the frame is empty") }
        let header = try Frame.record(content, first, at: 0)
        if header["frame"] != nil {
            self = .lines(try Frame.linesFrame(content, ranges, header: header))
            return
        }
        guard ranges.count <= Limits.controlRecords else {
            throw FrameError(.tooLarge, "a control frame of \(ranges.count) records; \(Limits.controlRecords) allowed")
        }
        var records = [header]
        for index in 1..<max(ranges.count, 1) { records.append(try Frame.record(content, ranges[index], at: index)) }
        self = .control(records)
    }

    /// What the header of a lines frame says it is about, whatever is wrong with the rest; nil if that cannot be read.
    static func place(of content: [UInt8]) -> (log: LogName, from: Int64)? {
        let end = content.prefix(Limits.lineBytes).firstIndex(of: UInt8(ascii: "\n")) ?? 0
        // A header that cannot be read was refused by who calls this.
        guard let header = try? record(content, 0..<end, at: 0),
            let log = header["log"]?.stringValue.flatMap({ try? LogName($0) })
        else { return nil }
        return (log, header["from"]?.intValue ?? 0)
    }

    private static func linesFrame(
        _ content: [UInt8], _ ranges: [Range<Int>], header: JSON
    ) throws(FrameError) -> LinesFrame {
        guard header["frame"]?.stringValue == "lines", let name = header["log"]?.stringValue,
            let from = header["from"]?.intValue, let count = header["count"]?.intValue
        else { throw FrameError(.malformed, "line 1: a frame header names frame, log, from and count") }
        guard from >= 0, from < Limits.logLines, count >= 1 else {
            throw FrameError(.malformed, "line 1: from \(from) and count \(count) are not a run of lines")
        }
        guard count <= Limits.frameLines, count == 1 || content.count <= Limits.frameBytes else {
            throw FrameError(
                .tooLarge,
                "\(count) lines in \(content.count) bytes; at most \(Limits.frameLines) in \(Limits.frameBytes)")
        }
        guard ranges.count == Int(count) + 2 else {
            throw FrameError(.malformed, "the header says \(count) lines, the frame has \(ranges.count - 2)")
        }
        let lines = Array(ranges[1...Int(count)])
        for (index, range) in lines.enumerated() {
            guard !range.isEmpty else { throw FrameError(.malformed, "line \(index + 2) is empty") }
            guard range.count <= Limits.lineBytes else {
                throw FrameError(
                    .tooLarge, "line \(index + 2) has \(range.count) bytes; at most \(Limits.lineBytes) allowed")
            }
        }
        let trailer = try record(content, ranges[ranges.count - 1], at: ranges.count - 1)
        guard let note = trailer["checkpoint"]?.stringValue else {
            throw FrameError(.malformed, "line \(ranges.count): the last line carries the checkpoint")
        }
        let proof = try proof(trailer["proof"], at: ranges.count)
        let log: LogName
        do { log = try LogName(name) } catch {
            throw FrameError(.malformed, "line 1: \(error)")
        }
        return LinesFrame(
            log: log, from: from, content: content, ranges: lines, note: note, proof: proof,
            branch: try branch(header))
    }

    private static func proof(_ json: JSON?, at line: Int) throws(FrameError) -> [Hash] {
        guard let json else { return [] }
        let items = json.arrayValue ?? [.null]
        let hashes = items.prefix(65).compactMap { $0.stringValue.flatMap { Hash(base64: $0) } }
        guard hashes.count == items.count, hashes.count <= 64 else {
            throw FrameError(.malformed, "line \(line): a proof is at most 64 base64 hashes")
        }
        return hashes
    }

    private static func branch(_ header: JSON) throws(FrameError) -> BranchName? {
        guard let branch = header["branch"] else { return nil }
        guard let fork = branch["fork"]?.intValue, fork >= 0, fork <= Limits.logLines,
            let leaf = branch["leaf"]?.stringValue,
            let hash = Hash(hex: leaf)
        else { throw FrameError(.malformed, "line 1: a branch names its fork and leaf") }
        return BranchName(fork: fork, leaf: hash)
    }

    private static func record(
        _ content: [UInt8], _ range: Range<Int>, at index: Int
    ) throws(FrameError) -> JSON {
        let record: JSON
        do { record = try JSON.parse(content[range], limits: .record) } catch {
            throw FrameError(.malformed, "line \(index + 1): \(error)")
        }
        guard record.objectValue != nil else {
            throw FrameError(.malformed, "line \(index + 1): a record is a JSON object")
        }
        return record
    }

    /// Splits at newlines; the content ends with one.
    private static func lineRanges(_ content: [UInt8]) throws(FrameError) -> [Range<Int>] {
        guard content.last == UInt8(ascii: "\n") else {
            throw FrameError(.malformed, "the frame's text does not end with a newline")
        }
        let ranges = content.withUnsafeBufferPointer { bytes in
            var ranges: [Range<Int>] = []
            var start = 0
            while start < bytes.count, ranges.count <= Limits.frameLines + 2,
                let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            {
                ranges.append(start..<end)
                start = end + 1
            }
            return ranges
        }
        guard ranges.count <= Limits.frameLines + 2 else {
            throw FrameError(.tooLarge, "more than \(Limits.frameLines) lines in a frame")
        }
        return ranges
    }
}
