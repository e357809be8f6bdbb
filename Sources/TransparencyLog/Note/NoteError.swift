/// Why a text is no signed note, no checkpoint or no key.
public struct NoteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Raw values are the stable codes used in test vectors.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        case tooLong = "too-long"
        case notText = "not-text"
        case noSignatures = "no-signatures"
        case badSignatureLine = "bad-signature-line"
        case tooManySignatures = "too-many-signatures"
        case badOrigin = "bad-origin"
        case badSize = "bad-size"
        case badRoot = "bad-root"
        case badEnd = "bad-end"
        case badKeyName = "bad-key-name"
        case badKey = "bad-key"
    }

    public var reason: Reason

    init(_ reason: Reason) {
        self.reason = reason
    }

    public var description: String {
        switch reason {
        case .tooLong: "The note is longer than 64 KiB."
        case .notText: "The note holds control characters, or its text does not end with a newline."
        case .noSignatures: "The note has no signatures after an empty line."
        case .badSignatureLine: "A signature line is not “— NAME BASE64”."
        case .tooManySignatures: "The note has more than 16 signatures."
        case .badOrigin: "The checkpoint's first line, its origin, is missing or empty."
        case .badSize: "The checkpoint's second line is not a tree size, 0 to 2^40, in plain decimal digits."
        case .badRoot: "The checkpoint's third line is not a hash of 32 bytes in base64."
        case .badEnd: "The checkpoint does not end with the newline after its third line."
        case .badKeyName: "A key name must not be empty or hold spaces or a plus sign."
        case .badKey: "The Ed25519 public key is not 32 valid bytes."
        }
    }
}
