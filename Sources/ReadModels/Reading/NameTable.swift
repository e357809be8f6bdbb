import Event

/// Numbers for texts that come back in many rows: regions, actors, roles. Numbers are given as texts arrive, and mean
/// nothing outside this file.
final class NameTable {
    private let connection: SQLConnection
    private let select: String
    private let insert: (SQLConnection, String) throws -> Void
    private var numbers: [String: Int64] = [:]
    /// The text asked for last: runs of lines have the same actor and place.
    private var lastBytes: [UInt8] = []
    private var lastNumber: Int64?

    /// Beyond this many texts in memory, all are forgotten and read again as needed.
    private static let capacity = 200_000

    private init(
        _ connection: SQLConnection, select: String, insert: @escaping (SQLConnection, String) throws -> Void
    ) {
        self.connection = connection
        self.select = select
        self.insert = insert
    }

    static func terms(_ connection: SQLConnection) -> NameTable {
        NameTable(connection, select: "SELECT id FROM term WHERE text = ?") { connection, text in
            try connection.run("INSERT INTO term (text) VALUES (?)", .text(text))
        }
    }

    static func places(_ connection: SQLConnection) -> NameTable {
        NameTable(connection, select: "SELECT id FROM place WHERE code = ?") { connection, code in
            let region = try RegionCode(code)
            func part(_ level: RegionCode.Level) -> ModelValue {
                region.ancestor(at: level).map { .text($0.description) } ?? .null
            }
            try connection.run(
                "INSERT INTO place (code, village, district, regency, province) VALUES (?, ?, ?, ?, ?)",
                .text(code), part(.village), part(.district), part(.regency), part(.province))
        }
    }

    func number(_ bytes: UnsafeBufferPointer<UInt8>) throws -> Int64 {
        if let lastNumber, lastBytes.count == bytes.count, lastBytes.elementsEqual(bytes) { return lastNumber }
        let number = try number(String(decoding: bytes, as: UTF8.self))
        lastBytes.removeAll(keepingCapacity: true)
        lastBytes.append(contentsOf: bytes)
        lastNumber = number
        return number
    }

    private func number(_ text: String) throws -> Int64 {
        if let number = numbers[text] { return number }
        if numbers.count >= Self.capacity { numbers.removeAll() }
        let number = try stored(text)
        numbers[text] = number
        return number
    }

    private func stored(_ text: String) throws -> Int64 {
        if case .integer(let number)? = try connection.value(select, .text(text)) { return number }
        try insert(connection, text)
        return connection.lastInsertedRow
    }

    /// After a transaction was rolled back, numbers given in it are gone.
    func forget() {
        numbers.removeAll()
        lastNumber = nil
    }
}
