import Event
import TransparencyLog

/// A line that a server sends ahead of its log (`protocol/04-session.md`, "Early lines").
///
/// Nothing proves it but its server's word until the log itself comes: it is shown and counted here, and never obeyed,
/// receipted, relayed or signed over.
public struct EarlyLine: Sendable, Hashable {
    public let reference: LineReference
    /// Without newline.
    public let bytes: [UInt8]

    public init(reference: LineReference, bytes: [UInt8]) {
        self.reference = reference
        self.bytes = bytes
    }

    public var json: JSON {
        .object([
            JSONMember("early", .string(reference.description)),
            JSONMember("line", .string(String(decoding: bytes, as: UTF8.self))),
        ])
    }

    /// - Throws: `FrameError` when it has another form, or the line is not the one that it names.
    public init(json: JSON) throws(FrameError) {
        guard let reference = json["early"]?.stringValue.flatMap({ try? LineReference($0) }),
            let text = json["line"]?.stringValue
        else { throw FrameError(.malformed, "an early line names its place and carries its text") }
        let bytes = Array(text.utf8)
        guard bytes.count <= Limits.lineBytes else {
            throw FrameError(
                .tooLarge, "the early line \(reference.log)#\(reference.sequence) has \(bytes.count) bytes")
        }
        guard Hash.leaf(bytes).bytes == reference.leafHash,
            let line = try? EventLine(parsing: bytes), line.source == reference.log,
            line.sequence == reference.sequence
        else {
            throw FrameError(
                .malformed,
                "the early line \(reference.log)#\(reference.sequence) is not the line that it is said to be")
        }
        self.init(reference: reference, bytes: bytes)
    }
}
