import Foundation
import GRDB

/// The keys of persons as they stand in a node's files, and wrapped for others: what a thief would look for.
struct KeyMaterial {
    /// Secrets and wrapped secrets, none shorter than eight bytes.
    private(set) var pieces: Set<[UInt8]> = []
    private(set) var holders: Set<String> = []

    /// - Parameter holder: only hers.
    mutating func take(from folder: String, holder: String? = nil) throws {
        let wanted = holder.map { $0 + "/" } ?? ""
        for (file, sql) in [
            ("secrets/persons.db", "SELECT key, secret FROM personKey"), ("log.db", "SELECT key, box FROM keyShare"),
        ] {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            let queue = try DatabaseQueue(path: folder + "/" + file, configuration: configuration)
            for row in try queue.read({ try Row.fetchAll($0, sql: sql) }) {
                let (key, bytes): (String, Data) = (row[0], row[1])
                guard key.hasPrefix(wanted) else { continue }
                pieces.insert([UInt8](bytes))
                holders.insert(String(key.prefix { $0 != "/" }))
            }
            try queue.close()
        }
    }

    /// Files below a folder in which any of it stands, with how many pieces.
    func found(in folder: String) throws -> [String: Int] { try hits(in: folder).mapValues(\.count) }

    /// How many pieces stand in no file below a folder.
    func unseen(in folder: String) throws -> Int {
        try pieces.subtracting(hits(in: folder).values.flatMap(\.self)).count
    }

    private func hits(in folder: String) throws -> [String: Set<[UInt8]>] {
        let byStart = Dictionary(grouping: pieces) { Self.start($0, 0) }
        var found: [String: Set<[UInt8]>] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            let bytes = [UInt8](data)
            var hits: Set<[UInt8]> = []
            var window: UInt64 = 0
            bytes.withUnsafeBufferPointer { bytes in
                var index = 0
                while index < bytes.count {
                    window = window &<< 8 | UInt64(bytes[index])
                    index &+= 1
                    guard index >= 8, let pieces = byStart[window] else { continue }
                    for piece in pieces
                    where index - 8 + piece.count <= bytes.count
                        && bytes[index - 8..<index - 8 + piece.count].elementsEqual(piece)
                    {
                        hits.insert(piece)
                    }
                }
            }
            if !hits.isEmpty { found[name] = hits }
        }
        return found
    }

    private static func start(_ bytes: [UInt8], _ index: Int) -> UInt64 {
        bytes[index..<index + 8].reduce(0) { $0 << 8 | UInt64($1) }
    }
}
