/// What a node could not do, why, and what to do about it.
public struct NodeError: Error, Sendable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// No node, or not the kind of node, in this folder.
        case notANode
        case exists
        case cannotWrite
        /// What the user gave is not right; nothing was saved.
        case badInput
        /// A file that was named is not there or cannot be read.
        case missing
        /// The parent or the network did not do its part; worth trying again.
        case unreachable
        /// The parent will not have this node.
        case refused
        /// A key, signature or certificate is not the expected one.
        case notTrusted
        /// A passphrase is set and was not given.
        case locked
        /// A wrong passphrase or code.
        case denied
        /// Too many wrong tries; worth trying again after a while.
        case wait
        /// Another program is newer than this one.
        case newerFormat
        /// A defect: the node's own data contradicts itself.
        case damaged
    }

    public let kind: Kind
    public let what: String
    public let advice: String
    /// What the other side calls it, when it said so.
    public let code: String?

    public init(_ kind: Kind, _ what: String, advice: String, code: String? = nil) {
        self.kind = kind
        self.what = what
        self.advice = advice
        self.code = code
    }

    public var description: String { "\(what) — \(advice)" }

    /// Exit code after sysexits(3).
    public var exitCode: Int32 {
        switch kind {
        case .notANode: 78
        case .exists, .cannotWrite: 73
        case .badInput: 65
        case .missing: 66
        case .unreachable, .wait: 75
        case .refused, .notTrusted, .locked, .denied: 77
        case .newerFormat, .damaged: 70
        }
    }
}
