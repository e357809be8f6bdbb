/// The head of a log at one size (C2SP tlog-checkpoint): what a signed note about it says.
///
///     simpul/lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4
///     20852163
///     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
///
/// Version 1 has no extension lines, so that origin, size and root determine the text.
public struct Checkpoint: Hashable, Sendable {
    /// The largest size taken, far from where arithmetic overflows.
    public static let maximumSize: Int64 = 1 << 40

    /// Which log, named so that no two logs of the world share it.
    public var origin: String
    /// How many leaves.
    public var size: Int64
    public var root: Hash

    public init(origin: String, size: Int64, root: Hash) {
        self.origin = origin
        self.size = size
        self.root = root
    }

    /// The text that is signed; it ends with a newline.
    public var text: String { "\(origin)\n\(size)\n\(root.base64)\n" }

    public init(parsing text: String) throws(NoteError) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let origin = lines.first, !origin.isEmpty else { throw NoteError(.badOrigin) }
        guard lines.count > 1, let size = Checkpoint.size(lines[1]) else { throw NoteError(.badSize) }
        guard lines.count > 2, let root = Hash(base64: Substring(lines[2])) else { throw NoteError(.badRoot) }
        guard lines.count == 4, lines[3].isEmpty else { throw NoteError(.badEnd) }
        self.init(origin: String(Substring(origin)), size: size, root: root)
    }

    private static func size(_ digits: Substring.UTF8View) -> Int64? {
        guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            digits.count == 1 || digits.first != UInt8(ascii: "0"),
            let size = Int64(Substring(digits)), size <= maximumSize
        else { return nil }
        return size
    }
}
