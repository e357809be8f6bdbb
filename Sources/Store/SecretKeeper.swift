import Foundation

/// Turns secret bytes into what may stand on a disk, and back: the one way in and out for keys at rest.
public protocol SecretKeeper: Sendable {
    /// Whether nothing can be turned now: a passphrase is set and was not given.
    var isLocked: Bool { get }

    /// - Parameter name: what the secret is of, e.g. a key's name: bytes moved to another name do not open.
    func seal(_ secret: Data, name: String) throws -> Data

    func open(_ stored: Data, name: String) throws -> Data
}

/// Keeps secrets as they are: a node without a passphrase.
public struct PlainKeeper: SecretKeeper {
    public init() {}

    public var isLocked: Bool { false }

    public func seal(_ secret: Data, name: String) -> Data { secret }

    public func open(_ stored: Data, name: String) -> Data { stored }
}
