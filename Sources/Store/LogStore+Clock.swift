import Event
import Foundation
import GRDB

extension LogStore {
    /// The hybrid clock as the last transaction left it, so that no restart and no second process goes back.
    static func clock(_ db: Database) throws -> HybridClock {
        let text = try String.fetchOne(
            db.cachedStatement(sql: "SELECT text FROM counter WHERE name = 'clock'"))
        return HybridClock(last: text.flatMap(HybridTimestamp.init) ?? .zero)
    }

    static func save(_ clock: HybridClock, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO counter (name, value, text) VALUES ('clock', 0, ?)")
            .execute(arguments: [clock.last.description])
    }

    /// Takes up the reading of the newest line that arrived, so that what is written here next comes after it.
    func takeUpClock(_ db: Database, of line: ArraySlice<UInt8>, log: LogName) throws {
        guard let reading = Self.reading(of: line) else { return }
        var clock = try Self.clock(db)
        let before = clock.last
        let wall = Int64(now().timeIntervalSince1970 * 1_000)
        if case .tooFarAhead(let milliseconds) = clock.merge(remote: reading, wall: wall) {
            try Self.raiseAlarm(
                db, kind: "clock-ahead", log: log.description,
                detail: "\(log.node) writes \(milliseconds / 60_000) minutes ahead of this node's clock. "
                    + "Its lines are kept and counted; check the clock of that laptop.")
        } else if clock.last != before {
            try Self.save(clock, db)
        }
    }

    /// The hybrid time of a line; nil where it has none, or is no line that can be read.
    private static func reading(of line: ArraySlice<UInt8>) -> HybridTimestamp? {
        var tape = JSONTape()
        guard (try? line.withUnsafeBytes { try tape.scan($0) }) != nil, let found = tape.find("hlc", in: 0) else {
            return nil
        }
        return tape.string(found).flatMap(HybridTimestamp.init)
    }
}
