import Event
import Foundation
import Store

/// What was confirmed to people, kept outside of all processes, and what a centre's lines must look like after it.
struct LineJournal {
    /// What is wrong with a set of lines.
    enum Finding: Hashable, CustomStringConvertible {
        /// Confirmed and not there.
        case missing(LineKey)
        /// Confirmed with other bytes.
        case changed(LineKey)
        /// There, and neither confirmed, nor of a process that died after its commit, nor of the program's own types.
        case unaccounted(LineKey)
        /// Of a process that died before its commit, and there.
        case surfaced(LineKey)
        /// Of a process that died after its commit, and not there.
        case lost(subject: String)
        /// There more than once.
        case doubled(subject: String)

        var description: String {
            switch self {
            case .missing(let place): "\(place) was confirmed and is missing"
            case .changed(let place): "\(place) was confirmed with other bytes"
            case .unaccounted(let place): "nobody was told of \(place), and no process died over it"
            case .surfaced(let place): "\(place) is there, though its process died before the commit"
            case .lost(let subject): "the record of \(subject) was committed and is missing"
            case .doubled(let subject): "the record of \(subject) is there more than once"
            }
        }
    }

    private(set) var confirmed: [LineKey: [UInt8]] = [:]
    /// Records whose process died before it said anything, by the subject that only that record has.
    private(set) var unconfirmed: [String: CrashPoint] = [:]

    /// Types that nodes write by themselves; nobody was told of these lines.
    static let automatic: Set = ["node.enrolled", "node.contacted"]

    mutating func confirm(_ line: [UInt8], at place: LineKey) { confirmed[place] = line }

    mutating func died(_ subject: String, at point: CrashPoint) { unconfirmed[subject] = point }

    func findings(in lines: [LineKey: [UInt8]]) throws -> Set<Finding> {
        var findings: Set<Finding> = []
        for (place, bytes) in confirmed {
            if let held = lines[place] {
                if held != bytes { findings.insert(.changed(place)) }
            } else {
                findings.insert(.missing(place))
            }
        }
        var subjects: [String: Int] = [:]
        for (place, bytes) in lines {
            let line = try EventLine(parsing: bytes)
            guard !Self.automatic.contains(line.type) else { continue }
            subjects[line.subject, default: 0] += 1
            guard confirmed[place] == nil else { continue }
            switch unconfirmed[line.subject] {
            case .afterCommit: break
            case .some: findings.insert(.surfaced(place))
            case nil: findings.insert(.unaccounted(place))
            }
        }
        for (subject, times) in subjects where times > 1 { findings.insert(.doubled(subject: subject)) }
        for (subject, point) in unconfirmed where point == .afterCommit && subjects[subject] == nil {
            findings.insert(.lost(subject: subject))
        }
        return findings
    }
}
