import Event
import Foundation
import GRDB

/// Place of a line: its log's name and its sequence.
struct LineKey: Hashable, CustomStringConvertible {
    let log: String
    let sequence: Int64

    var description: String { "\(log)#\(sequence)" }
}

/// What is in a node's files, read beside the program with plain SQL.
enum StoredLines {
    /// All lines that leave their node, as they are stored.
    static func all(_ folder: String) throws -> [LineKey: [UInt8]] {
        try read(folder + "/log.db") { db in
            var lines: [LineKey: [UInt8]] = [:]
            // The table's own rule: a line's id is its log's number and its sequence.
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT log.name AS log, line.id & 1099511627775 AS sequence, line.bytes AS bytes
                    FROM line JOIN log ON log.id = line.id >> 40 WHERE log.audience <> 'local'
                    """)
            while let row = try rows.next() {
                let bytes: Data = row["bytes"]
                lines[LineKey(log: row["log"], sequence: row["sequence"])] = [UInt8](bytes)
            }
            return lines
        }
    }

    /// Sizes of the logs here.
    static func sizes(_ folder: String) throws -> [String: Int64] {
        try read(folder + "/log.db") { db in
            let rows = try Row.fetchAll(db, sql: "SELECT name, size FROM log WHERE audience <> 'local'")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0["name"], $0["size"]) })
        }
    }

    /// What `holder` stated to this node that it durably holds: log and size.
    static func receipts(_ folder: String, of holder: String) throws -> [(log: String, size: Int64)] {
        try read(folder + "/log.db") { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT log.name, receipt.size FROM receipt JOIN log ON log.id = receipt.log
                    WHERE receipt.holder = ? AND receipt.kind = 'held'
                    """, arguments: [holder]
            ).map { ($0["name"], $0["size"]) }
        }
    }

    /// Every row of every read model, in an order of its own.
    static func models(_ folder: String) throws -> [String: [String]] {
        try read(folder + "/models.db") { db in
            var models: [String: [String]] = [:]
            for model in try Row.fetchAll(db, sql: "SELECT name, version FROM model") {
                let name: String = model["name"]
                let version: Int = model["version"]
                // A model of the kind view has no rows of its own.
                guard try db.tableExists("\(name)__v\(version)") else { continue }
                models[name] = try Row.fetchAll(db, sql: "SELECT * FROM \(name)").map { "\($0)" }.sorted()
            }
            models["parked"] = try Row.fetchAll(db, sql: "SELECT reason FROM parked").map { "\($0)" }
            return models
        }
    }

    private static func read<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.read(body)
    }
}
