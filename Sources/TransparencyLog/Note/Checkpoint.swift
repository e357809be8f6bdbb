/// The head of a log at one size (C2SP tlog-checkpoint): what a signed note about it says.
///
///     simpul/lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4
///     20852163
///     CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
public struct Checkpoint: Hashable, Sendable {
    /// Which log, named so that no two logs of the world share it.
    public var origin: String
    /// How many leaves.
    public var size: Int64
    public var root: Hash
    /// Lines after the third. Simpul writes none and ignores those of others, but they are signed, so they are kept.
    public var extensions: [String]

    public init(origin: String, size: Int64, root: Hash, extensions: [String] = []) {
        self.origin = origin
        self.size = size
        self.root = root
        self.extensions = extensions
    }

    /// The text that is signed; it ends with a newline.
    public var text: String {
        ([origin, String(size), root.base64] + extensions).map { $0 + "\n" }.joined()
    }

    public init(parsing text: String) throws(NoteError) {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard lines.removeLast().isEmpty else { throw NoteError(.badExtension) }
        guard let origin = lines.first, !origin.isEmpty else { throw NoteError(.badOrigin) }
        guard lines.count >= 2, let size = Checkpoint.size(lines[1]) else { throw NoteError(.badSize) }
        guard lines.count >= 3, let root = Hash(base64: Substring(lines[2])) else {
            throw NoteError(.badRoot)
        }
        guard lines.dropFirst(3).allSatisfy({ !$0.isEmpty }) else { throw NoteError(.badExtension) }
        self.init(
            origin: String(Substring(origin)), size: size, root: root,
            extensions: lines.dropFirst(3).map { String(Substring($0)) })
    }

    private static func size(_ digits: Substring.UTF8View) -> Int64? {
        guard digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { return nil }
        return Int64(Substring(digits))
    }
}
