import Event
import Foundation
import Store
import Sync

/// The imported rows that this node already holds, whoever imported them.
struct ImportLedger {
    private var contents: [String: Set<String>] = [:]
    private var places: [String: String] = [:]

    enum Standing: Equatable {
        case new
        /// Held with the same content.
        case held
        /// Held with other content, in that place.
        case changed(String)
    }

    init() {}

    /// Reads every line held here for its key: a rare and careful act may take a second per million lines.
    init(_ store: LogStore) throws {
        for row in try store.heads() where row.log.lane != .intake {
            // A branch has its own lines from the fork on.
            var first = row.branch?.fork ?? 0
            while first < row.size {
                let lines = try store.lines(
                    row.log, branch: row.branch, from: first, through: min(row.size, first + 4_096) - 1)
                guard !lines.isEmpty else { break }
                for (offset, line) in lines.enumerated() {
                    guard let text = Self.key(in: line), let key = DedupeKey(text) else { continue }
                    note(key, at: "\(row.log)#\(first + Int64(offset))")
                }
                first += Int64(lines.count)
            }
        }
    }

    func standing(_ key: DedupeKey) -> Standing {
        guard let held = contents[key.fact] else { return .new }
        return held.contains(key.content) ? .held : .changed(places[key.fact] ?? "")
    }

    mutating func note(_ key: DedupeKey, at place: String) {
        contents[key.fact, default: []].insert(key.content)
        places[key.fact] = places[key.fact] ?? place
    }

    private static let member = Array(#""dedupekey":""#.utf8)

    /// The value of the attribute, which has no escapes in what this program writes.
    private static func key(in line: [UInt8]) -> String? {
        guard line.count > member.count else { return nil }
        return line.withUnsafeBytes { bytes in
            let start = (0...bytes.count - member.count).first { index in
                bytes[index] == member[0] && bytes[index + 1] == member[1]
                    && bytes[index..<index + member.count].elementsEqual(member)
            }
            guard let start, let end = bytes[(start + member.count)...].firstIndex(of: UInt8(ascii: "\""))
            else { return nil }
            return String(decoding: bytes[(start + member.count)..<end], as: UTF8.self)
        }
    }
}
