import Event
import Node
import Store
import Sync

/// `--at` of `simpul nodes revoke`: how many lines of each log of a lost laptop count.
struct RevocationSizes {
    private enum Choice {
        case all
        case held
        case named([LogName: Int64])
    }

    private let choice: Choice

    init(_ values: [String]) throws {
        switch values {
        case [], ["all"]: choice = .all
        case ["held"]: choice = .held
        default: choice = .named(try values.reduce(into: [:]) { try Self.add($1, to: &$0) })
        }
    }

    private static func add(_ value: String, to sizes: inout [LogName: Int64]) throws {
        guard let mark = value.lastIndex(of: "#"), let log = try? LogName(String(value[..<mark])),
            let size = Int64(value[value.index(after: mark)...]), size >= 0, sizes[log] == nil
        else {
            throw NodeError(
                .badInput, "--at \(value) is not LOG#SIZE",
                advice: "write held, all, or each log once with its number of lines, as `simpul log list` shows them")
        }
        sizes[log] = size
    }

    /// - Returns: nil where all lines count.
    func counting(node: NodeName, epoch: Epoch, in store: LogStore) throws -> [LogName: Int64]? {
        switch choice {
        case .all: return nil
        case .held:
            let rows = try store.logs().filter {
                $0.log.node == node && $0.log.epoch == epoch && $0.log.audience != .local
            }
            return Dictionary(uniqueKeysWithValues: rows.map { ($0.log, $0.size) })
        case .named(let sizes):
            if let foreign = sizes.keys.sorted().first(where: { $0.node != node || $0.epoch != epoch }) {
                throw NodeError(
                    .badInput, "\(foreign) is no log of \(node)/\(epoch)",
                    advice: "name its own logs; choose the copy with --epoch")
            }
            return sizes
        }
    }
}
