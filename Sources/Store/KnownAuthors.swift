import Event
import Synchronization

/// Authors whose key has been looked up once. A key's first enrolment stands, so what was found stays true; an
/// author that was not found is looked for again.
final class KnownAuthors: Sendable {
    private struct Name: Hashable {
        let node: NodeName
        let epoch: Epoch
    }

    private let known = Mutex<[Name: Enrolment]>([:])

    /// The enrolment of a log's author; nil when none is known here.
    func author(of log: LogName, lookUp: () throws -> Enrolment?) throws -> Enrolment? {
        let name = Name(node: log.node, epoch: log.epoch)
        if let author = known.withLock({ $0[name] }) { return author }
        guard let author = try lookUp() else { return nil }
        known.withLock { $0[name] = author }
        return author
    }
}
