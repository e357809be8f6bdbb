/// Why the store did not do something, in a sentence an organizer or operator can act on.
public enum StoreError: Error, Sendable, CustomStringConvertible {
    /// The folder or file cannot be used at all.
    case unusable(path: String, reason: String)
    /// The disk is full: nothing of this write was kept, all that was confirmed before is.
    case diskFull(path: String)
    /// The disk refused a write or a sync. The store stays closed to writing until it is opened again.
    case writeFailed(path: String, reason: String)
    /// Written by a newer program; an older one must not touch it.
    case newerSchema(path: String, found: Int, known: Int)
    /// Another process held the write lock for longer than the wait.
    case busy(path: String, seconds: Int)
    /// Restored from a backup: nothing is written before those who may have the lost lines have answered.
    case holding(waitingFor: [String])
    /// This program was opened under an epoch that the folder has left since.
    case epochLeft(own: String, current: String)
    /// What was asked for is not here.
    case missing(String)
    /// What was given cannot be stored.
    case invalid(String)

    public var description: String {
        switch self {
        case .unusable(let path, let reason): "\(path) cannot be used: \(reason)"
        case .diskFull(let path):
            "the disk under \(path) is full: this record was not saved, everything saved before it is safe. "
                + "Free some space and try again."
        case .writeFailed(let path, let reason):
            "writing to \(path) failed (\(reason)): this record was not saved. Check the disk before going on."
        case .newerSchema(let path, let found, let known):
            "\(path) was written by a newer simpul (format \(found), this program knows \(known)). "
                + "Install the newer program; nothing was changed."
        case .busy(let path, let seconds):
            "another simpul held \(path) for more than \(seconds) s. Close it or wait, then try again."
        case .holding(let nodes):
            "this node was restored from a backup and writes nothing until its parent and its children have answered; "
                + "still silent: \(nodes.isEmpty ? "none" : nodes.joined(separator: ", ")). Let them sync, or run "
                + "`simpul resume --without-them --reason …`."
        case .epochLeft(let own, let current):
            "this program writes under epoch \(own), and its folder has gone on to epoch \(current), as it was copied or "
                + "restored. Nothing was written; start the program again. If it says so each time, the folder was put "
                + "together of two: put back one copy whole, or enrol again."
        case .missing(let what): what
        case .invalid(let what): what
        }
    }
}
