import Event

/// The order in which logs go out.
///
/// What must stay true: a log that enrols authors (an ancestor's) goes before the logs of those authors, and the
/// urgent lane goes before every backlog.
enum LogOrder {
    static func precedes(_ a: LogName, _ b: LogName) -> Bool { rank(a) < rank(b) }

    private static func rank(_ log: LogName) -> Rank {
        let level: Int
        switch log.audience {
        case .region(let region): level = region.level.rawValue
        case .local: level = Int.max
        }
        let lane =
            switch log.lane {
            case .urgent: 0
            case .main: 1
            default: 2
            }
        // Enrolments stand in main logs of a nation, province or regency; they are short.
        let enrols = level <= RegionCode.Level.regency.rawValue && log.lane == .main
        return Rank(group: enrols ? 0 : 1 + lane, level: level, name: log.description)
    }

    private struct Rank: Comparable {
        let group: Int
        let level: Int
        let name: String

        static func < (a: Rank, b: Rank) -> Bool { (a.group, a.level, a.name) < (b.group, b.level, b.name) }
    }
}
