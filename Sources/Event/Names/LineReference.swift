/// Exactly one line: `LOG#SEQUENCE~LEAFHASH`. The hash keeps it exact when a log has branches.
public struct LineReference: Hashable, Sendable {
    public static let hashBytes = 32

    public let log: LogName
    /// Counted from 0.
    public let sequence: Int64
    /// The SHA-256 leaf hash of the line, 32 bytes.
    public let leafHash: [UInt8]

    public init(log: LogName, sequence: Int64, leafHash: [UInt8]) throws(NameError) {
        guard sequence >= 0, sequence <= SequenceNumber.maximum, leafHash.count == LineReference.hashBytes
        else {
            throw NameError(.lineReference, "\(log)#\(sequence)~\(Hexadecimal.text(leafHash))")
        }
        self.log = log
        self.sequence = sequence
        self.leafHash = leafHash
    }

    public init(_ text: String) throws(NameError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "#"), omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw NameError(.lineReference, text) }
        let tail = parts[1].split(separator: UInt8(ascii: "~"), omittingEmptySubsequences: false)
        guard tail.count == 2, let sequence = SequenceNumber.parse(tail[0]), tail[1].count == 64,
            let leafHash = Hexadecimal.bytes(tail[1])
        else { throw NameError(.lineReference, text) }
        do {
            log = try LogName(String(Substring(parts[0])))
        } catch {
            throw NameError(.lineReference, text)
        }
        self.sequence = sequence
        self.leafHash = leafHash
    }
}

extension LineReference: CustomStringConvertible {
    public var description: String { "\(log)#\(sequence)~\(Hexadecimal.text(leafHash))" }
}
