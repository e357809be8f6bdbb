import Event
import Foundation
import GRDB

extension LogStore {
    /// Every line, in scope of a region, whose bytes contain `needle`; for rare look-ups on a village's few lines.
    public func forEachLine(
        inScopeOf region: RegionCode, containing needle: [UInt8], _ body: ([UInt8]) throws -> Void
    ) throws {
        try database.read { db in
            for (id, name) in try Row.fetchAll(
                db, sql: "SELECT id, coalesce(main, name) AS name FROM log WHERE audience <> 'local'"
            ).map({
                ($0["id"] as Int64, $0["name"] as String)
            }) {
                guard try LogName(name).inScope(of: region) else { continue }
                let cursor = try Row.fetchCursor(
                    db.cachedStatement(
                        sql: "SELECT bytes FROM line WHERE id >= ? AND id < ? AND instr(bytes, ?) > 0 ORDER BY id"),
                    arguments: [LogState.lineID(id, 0), LogState.lineID(id + 1, 0), Data(needle)])
                while let row = try cursor.next() { try body([UInt8](row["bytes"] as Data)) }
            }
        }
    }
}
