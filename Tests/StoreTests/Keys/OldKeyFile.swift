import Foundation
import GRDB

/// A file of keys as version 0.1 wrote it.
enum OldKeyFile {
    static func make(_ path: String, key: String, region: String, secret: Data) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE personKey (key TEXT PRIMARY KEY, region TEXT NOT NULL, secret BLOB NOT NULL)
                    STRICT, WITHOUT ROWID
                    """)
            try db.execute(sql: "INSERT INTO personKey VALUES (?, ?, ?)", arguments: [key, region, secret])
        }
        try queue.close()
    }
}
