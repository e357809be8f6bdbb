import Store
import TestKit

/// Where a process is to die: at the `count`th time that it comes to `point`.
struct Death: Hashable, CustomStringConvertible {
    let point: CrashPoint
    let count: Int

    var description: String { "\(point.rawValue):\(count)" }
}

/// Which process of a world dies.
enum Victim: String, CaseIterable {
    case villageRecord = "village: simpul record"
    case hubRecord = "hub: simpul record"
    case centreRecord = "centre: simpul record"
    case villageSync = "village: simpul sync"
    case hubSync = "hub: simpul sync"
    case villageQuery = "village: simpul query"
    case hubServer = "hub: simpul serve"
    case centreServer = "centre: simpul serve"

    var isServer: Bool { self == .hubServer || self == .centreServer }
}

/// One death that a world must see.
struct Sentence: Hashable {
    let victim: Victim
    let death: Death
}

/// Who dies where in one world: how often is fixed, so that every point gets its share; the order, the places and the
/// counts come from the seed.
struct Sentences {
    /// Of commands that somebody runs, in this order.
    private(set) var ofClients: [Sentence]
    private var ofServers: [Victim: [Death]]

    private static let shares: [(victim: Victim, point: CrashPoint, times: Int, within: Int)] = [
        (.villageRecord, .beforeAppend, 6, 1), (.villageRecord, .insideTransaction, 6, 2),
        (.villageRecord, .afterCommit, 6, 1),
        (.hubRecord, .beforeAppend, 2, 1), (.hubRecord, .insideTransaction, 2, 2), (.hubRecord, .afterCommit, 2, 1),
        (.centreRecord, .beforeAppend, 1, 1), (.centreRecord, .insideTransaction, 1, 1),
        (.centreRecord, .afterCommit, 1, 1),
        (.villageSync, .beforeSending, 6, 2), (.villageSync, .afterSending, 6, 1), (.villageSync, .beforeCursor, 6, 2),
        (.villageSync, .insideTransaction, 3, 3),
        (.hubSync, .beforeSending, 2, 2), (.hubSync, .afterSending, 2, 1), (.hubSync, .beforeCursor, 2, 2),
        (.hubSync, .insideTransaction, 1, 3),
        (.villageQuery, .midFold, 2, 1),
        (.hubServer, .beforeReceipt, 3, 2), (.hubServer, .insideTransaction, 1, 4), (.hubServer, .midFold, 1, 1),
        (.hubServer, .beforeAppend, 1, 1), (.hubServer, .afterCommit, 1, 1),
        (.centreServer, .beforeReceipt, 2, 2), (.centreServer, .insideTransaction, 1, 4),
        (.centreServer, .midFold, 1, 1), (.centreServer, .afterCommit, 1, 1),
    ]

    init(using dice: inout SeededGenerator) {
        var all: [Sentence] = []
        for share in Self.shares {
            for _ in 0..<share.times {
                let count = Int.random(in: 1...share.within, using: &dice)
                all.append(Sentence(victim: share.victim, death: Death(point: share.point, count: count)))
            }
        }
        all.shuffle(using: &dice)
        ofServers = Dictionary(grouping: all.filter(\.victim.isServer), by: \.victim).mapValues { $0.map(\.death) }
        ofClients = all.filter { !$0.victim.isServer }
    }

    /// What a server is to die of next; nil when it has died of everything.
    mutating func next(_ server: Victim) -> Death? { ofServers[server]?.popLast() }

    func isLeft(_ server: Victim) -> Bool { ofServers[server]?.isEmpty == false }
}
