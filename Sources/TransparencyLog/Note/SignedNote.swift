/// A text and signatures on it (C2SP signed-note): the text, an empty line, and one line for each signature.
public struct SignedNote: Hashable, Sendable {
    public struct Signature: Hashable, Sendable {
        /// The name of the key; who may use which name is for the reader of the note to know.
        public var name: String
        /// A short digest of name, kind and key, by which a verifier finds its own signatures.
        public var keyID: UInt32
        /// The signature proper, in whatever form the key's kind has.
        public var bytes: [UInt8]

        public init(name: String, keyID: UInt32, bytes: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }

        /// `— NAME BASE64`, without a newline.
        public var line: String {
            let prefix = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: keyID >> $0) }
            return "\u{2014} \(name) \(Base64.encode(prefix + bytes))"
        }
    }

    public static let maximumBytes = 65_536
    public static let maximumSignatures = 16

    /// Ends with a newline.
    public var text: String
    public var signatures: [Signature]

    public init(text: String, signatures: [Signature]) {
        self.text = text
        self.signatures = signatures
    }
}

extension SignedNote: CustomStringConvertible {
    /// The note as it is sent.
    public var description: String {
        text + "\n" + signatures.map { $0.line + "\n" }.joined()
    }
}

// MARK: - Reading

extension SignedNote {
    /// Reads a note. Says nothing about whether its signatures hold.
    public init(parsing note: String) throws(NoteError) {
        let bytes = Array(note.utf8)
        guard bytes.count <= SignedNote.maximumBytes else { throw NoteError(.tooLong) }
        let newline = UInt8(ascii: "\n")
        guard bytes.allSatisfy({ $0 >= 0x20 || $0 == newline }) else { throw NoteError(.notText) }
        // The text may hold empty lines itself: the last one is the separator.
        guard bytes.last == newline,
            let separator = bytes.indices.dropLast().last(where: {
                bytes[$0] == newline && bytes[$0 + 1] == newline
            })
        else { throw NoteError(.noSignatures) }
        let lines = bytes[(separator + 2)...].split(separator: newline)
        guard !lines.isEmpty else { throw NoteError(.noSignatures) }
        guard lines.count <= SignedNote.maximumSignatures else { throw NoteError(.tooManySignatures) }
        var signatures: [Signature] = []
        for line in lines {
            guard let signature = Signature(line: line) else { throw NoteError(.badSignatureLine) }
            signatures.append(signature)
        }
        self.init(text: String(decoding: bytes[...separator], as: UTF8.self), signatures: signatures)
    }
}

extension SignedNote.Signature {
    private static let prefix = Array("\u{2014} ".utf8)

    /// Reads `— NAME BASE64`.
    init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: Self.prefix) else { return nil }
        let parts = line.dropFirst(Self.prefix.count)
            .split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let name = String(decoding: parts[0], as: UTF8.self)
        guard NoteKey.isName(name), let bytes = Base64.decode(String(decoding: parts[1], as: UTF8.self)),
            bytes.count > 4
        else { return nil }
        let keyID = bytes.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        self.init(name: name, keyID: keyID, bytes: Array(bytes.dropFirst(4)))
    }
}
