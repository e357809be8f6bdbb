import Foundation
import Node
import Synchronization

/// Someone's stay, from signing in to signing out.
struct Session: Sendable {
    let token: String
    let account: Account
    let started: Date
    var seen: Date
}

/// Sessions, in memory only: a restart signs everyone out.
final class Sessions: Sendable {
    /// A laptop left on a table signs its organizer out after this long without a request.
    let idle: TimeInterval
    /// The longest stay.
    static let longest: TimeInterval = 12 * 3_600

    private let sessions = Mutex<[String: Session]>([:])
    private let now: @Sendable () -> Date

    init(idle: TimeInterval, now: @escaping @Sendable () -> Date) {
        self.idle = idle
        self.now = now
    }

    func start(_ account: Account) -> Session {
        let moment = now()
        let session = Session(token: RandomToken.make(), account: account, started: moment, seen: moment)
        sessions.withLock { sessions in
            sessions = sessions.filter { isAlive($0.value, moment) }
            sessions[session.token] = session
        }
        return session
    }

    /// The session of a token, kept alive by being asked for.
    func session(_ token: String) -> Session? {
        let moment = now()
        return sessions.withLock { sessions in
            guard var session = sessions[token] else { return nil }
            guard isAlive(session, moment) else {
                sessions[token] = nil
                return nil
            }
            session.seen = moment
            sessions[token] = session
            return session
        }
    }

    func end(_ token: String) {
        sessions.withLock { $0[token] = nil }
    }

    func endAll() {
        sessions.withLock { $0 = [:] }
    }

    private func isAlive(_ session: Session, _ moment: Date) -> Bool {
        moment.timeIntervalSince(session.seen) < idle && moment.timeIntervalSince(session.started) < Self.longest
    }
}
