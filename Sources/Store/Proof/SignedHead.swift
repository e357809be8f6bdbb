import Event
import GRDB
import TransparencyLog

/// A state of a log: so many lines, and the root over them.
public struct LogHead: Sendable, Hashable {
    public let size: Int64
    public let root: Hash

    public init(size: Int64, root: Hash) {
        self.size = size
        self.root = root
    }

    public var json: JSON {
        .object([JSONMember("size", .int(size)), JSONMember("root", .string(root.base64))])
    }
}

extension LogStore {
    /// The author's checkpoint of exactly `size` lines: a stored one, or for a log of this node a new one over the
    /// lines it already stands by.
    func authorNote(_ db: Database, _ state: LogState, size: Int64, root: @autoclosure () throws -> Hash) throws
        -> String?
    {
        guard let id = state.id, size >= 1, size <= state.size else { return nil }
        if size == state.noteSize { return state.note }
        let stored = try String.fetchOne(
            db.cachedStatement(sql: "SELECT note FROM checkpoint WHERE log = ? AND size = ?"), arguments: [id, size])
        if let stored { return stored }
        guard state.name.node == signer.node, state.name.epoch == signer.epoch else { return nil }
        return try signer.checkpoint(state.name, size: size, root: try root())
    }

    /// The sizes nearest to `size` for which somebody's signed head is here, for saying what can be proved instead.
    static func signedSizes(_ db: Database, log: Int64, near size: Int64) throws -> [Int64] {
        try Int64.fetchAll(
            db,
            sql: """
                SELECT size FROM (
                    SELECT size FROM checkpoint WHERE log = ?1
                    UNION SELECT size FROM receipt WHERE log = ?1 AND kind = 'held')
                ORDER BY abs(size - ?2) LIMIT 4
                """,
            arguments: [log, size]
        ).sorted()
    }
}
