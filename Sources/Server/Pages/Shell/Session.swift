import Foundation
import Node
import Synchronization

/// Someone's stay, from signing in to signing out.
struct Session: Sendable {
    let token: String
    /// As it is now, not as it was when the person signed in.
    var account: Account
    let started: Date
    var seen: Date
}

/// Sessions, in memory only: a restart signs everyone out.
final class Sessions: Sendable {
    /// A laptop left on a table signs its organizer out after this long without a request.
    let idle: TimeInterval
    /// The longest stay.
    static let longest: TimeInterval = 12 * 3_600
    /// Stays of one person at once; a further one ends the oldest.
    static let perPerson = 8

    private let sessions = Mutex<[String: Session]>([:])
    private let now: @Sendable () -> Date
    private let standing: @Sendable (Account) -> Account?

    /// - Parameter standing: the account of a session as it is now; nil ends the session. Asked at every request.
    init(
        idle: TimeInterval, now: @escaping @Sendable () -> Date,
        standing: @escaping @Sendable (Account) -> Account? = { $0 }
    ) {
        self.idle = idle
        self.now = now
        self.standing = standing
    }

    func start(_ account: Account) -> Session {
        let moment = now()
        let session = Session(token: RandomToken.make(), account: account, started: moment, seen: moment)
        sessions.withLock { sessions in
            sessions = sessions.filter { isAlive($0.value, moment) }
            let own = sessions.values.filter { $0.account.actor == account.actor }.sorted { $0.started < $1.started }
            for old in own.dropLast(Self.perPerson - 1) { sessions[old.token] = nil }
            sessions[session.token] = session
        }
        return session
    }

    /// The session of a token, kept alive by being asked for.
    func session(_ token: String) -> Session? {
        let moment = now()
        return sessions.withLock { sessions in
            guard var session = sessions[token] else { return nil }
            guard isAlive(session, moment), let account = standing(session.account) else {
                sessions[token] = nil
                return nil
            }
            session.account = account
            session.seen = moment
            sessions[token] = session
            return session
        }
    }

    /// The stays of a person that have not ended, the newest first.
    func all(of account: Account) -> [Session] {
        let moment = now()
        return sessions.withLock { sessions in
            sessions.values.filter { $0.account.actor == account.actor && isAlive($0, moment) }
        }.filter { standing($0.account) != nil }.sorted { $0.seen > $1.seen }
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
