import Event
import TransparencyLog

/// One row of the table that peers compare.
public struct TableRow: Sendable, Hashable {
    public let log: LogName
    public let size: Int64
    public let root: Hash

    public init(log: LogName, size: Int64, root: Hash) {
        self.log = log
        self.size = size
        self.root = root
    }
}

/// A line of descent of a log, by the name that it has at one node.
public struct HeadName: Sendable, Hashable {
    public let log: LogName
    /// Nil for the line of descent that this node met first.
    public let branch: BranchName?

    public init(log: LogName, branch: BranchName?) {
        self.log = log
        self.branch = branch
    }
}

/// The end of one line of descent of a log. A log without branches has one.
public struct Head: Sendable, Hashable {
    public let row: TableRow
    public let branch: BranchName?

    public init(row: TableRow, branch: BranchName? = nil) {
        self.row = row
        self.branch = branch
    }

    public var log: LogName { row.log }
    public var size: Int64 { row.size }
    public var root: Hash { row.root }
    public var name: HeadName { HeadName(log: log, branch: branch) }
}

/// A receipt as it is kept and passed on (`protocol/05-receipts.md`).
public struct Receipt: Sendable, Hashable {
    public enum Kind: String, Sendable {
        /// Durable at the holder up to `size`: a cosignature on the author's checkpoint.
        case held
        /// Folded into the holder's read models up to `size`, except the ranges it names.
        case counted
    }

    public let kind: Kind
    public let log: LogName
    public let holder: NodeName
    public let size: Int64
    public let note: String

    public init(kind: Kind, log: LogName, holder: NodeName, size: Int64, note: String) {
        self.kind = kind
        self.log = log
        self.holder = holder
        self.size = size
        self.note = note
    }
}

extension Receipt {
    /// The root that a `held` receipt is about; nil for another kind or form.
    public var heldRoot: Hash? {
        guard kind == .held, let text = try? SignedNote(parsing: note).text else { return nil }
        return try? Checkpoint(parsing: text).root
    }
}

/// A person's key wrapped for one node (`protocol/06-personal-data.md`).
public struct KeyShare: Sendable, Hashable {
    /// `<person uuid>/<number>`.
    public let key: String
    public let recipient: NodeName
    /// Which copy of the recipient: one enrolled again has another key and needs another share.
    public let epoch: Epoch
    /// The village that serves the person.
    public let region: RegionCode
    /// The highest region that may hold the share, in wrapped form.
    public let top: RegionCode
    /// HPKE encapsulated key followed by the ciphertext.
    public let box: [UInt8]
    public let author: NodeName

    public init(
        key: String, recipient: NodeName, epoch: Epoch, region: RegionCode, top: RegionCode, box: [UInt8],
        author: NodeName
    ) {
        self.key = key
        self.recipient = recipient
        self.epoch = epoch
        self.region = region
        self.top = top
        self.box = box
        self.author = author
    }

    /// `NODE/EPOCH`, as it stands in records, digests and the HPKE info.
    public var to: String { "\(recipient)/\(epoch)" }
    public var name: KeyName? { KeyName(key) }
}

/// What a receiver did with a lines frame.
public struct Committed: Sendable {
    public let log: LogName
    /// What the receiver durably holds now.
    public let size: Int64
    /// Lines that were new.
    public let added: Int
    /// The receiver's own `held` receipt at `size`.
    public let receipt: Receipt?
    /// The end of the frame: what its sender is now known to hold.
    public let reached: TableRow

    public init(log: LogName, size: Int64, added: Int, receipt: Receipt?, reached: TableRow) {
        self.log = log
        self.size = size
        self.added = added
        self.receipt = receipt
        self.reached = reached
    }
}

/// What sessions need of a store. Every call is synchronous and durable when it returns.
public protocol ExchangeStore {
    /// Heads of logs in scope, in no particular order. With `changedSince`, only of logs that changed after that
    /// counter, then all heads of each.
    func table(scope: RegionCode, changedSince: Int64?) throws -> [Head]
    /// All heads of one log.
    func heads(_ log: LogName) throws -> [Head]
    /// The digest over all logs in scope and the change counter, from one snapshot.
    func digest(scope: RegionCode) throws -> (table: String, counter: Int64)
    /// The newest row of each line of descent that had a checkpoint at or before `counter`.
    func rows(_ log: LogName, atCounter counter: Int64) throws -> [TableRow]
    /// How many lines of a head a peer surely holds that stated `rows` of its log. Nil when none of them is known here.
    func shared(_ head: Head, with rows: [TableRow]) throws -> Int64?
    /// Those rows that are prefixes of a history held here.
    func known(_ rows: [TableRow]) throws -> [TableRow]
    /// Prefixes of a head, from itself down, in steps that double: where two histories part lies between two of them.
    func ladder(_ head: Head) throws -> [TableRow]
    /// Random name of this store, in its marks.
    func storeID() throws -> String
    /// Lines from `from`, under a checkpoint that covers them; nil when there are none to send.
    func frame(_ log: LogName, branch: BranchName?, from: Int64, maxBytes: Int) throws -> LinesFrame?
    /// Verifies and durably stores a frame; `scope` is what the sending peer may exchange.
    /// - Parameter stating: whether to sign a `held` receipt for the sender.
    /// - Throws: `FrameError` for a frame that is refused, anything else when the store failed.
    func commit(_ frame: LinesFrame, scope: RegionCode, stating: Bool) throws -> Committed
    /// Receipts for logs whose audience is at or below `region`; with `changedSince` only newer ones.
    func receipts(atOrBelow region: RegionCode, changedSince: Int64?) throws -> [Receipt]
    /// Takes a receipt after verifying it. False when it says nothing new.
    func save(_ receipt: Receipt) throws -> Bool
    /// Key shares in scope that may be exchanged with a parent of region `parent`.
    func keyShares(scope: RegionCode, parent: RegionCode, changedSince: Int64?) throws -> [KeyShare]
    /// - Returns: how many said something new.
    @discardableResult
    func save(_ shares: [KeyShare]) throws -> Int
    /// Which lines came ahead of their logs and wait for them, and the bytes taken so since both held the same.
    func earlyHeld() throws -> (have: [LogName: SequenceRanges], bytes: Int64)
    /// Keeps lines that came ahead of their logs, apart from those.
    /// - Returns: how many are new.
    func save(_ early: [EarlyLine], scope: RegionCode, from server: NodeName) throws -> Int
    /// Both hold the same: what was taken early counts no longer.
    func endEarly() throws
}
