import Event

/// A series of released statistics, and the rows that it is made from: persons counted once, in disjoint categories.
public struct SeriesSource: Hashable, Sendable {
    public var series: String
    /// Columns that count disjoint categories of persons; one where `categoryColumn` tells them apart.
    public var measures: [String]
    public var categoryColumn: String?
}

/// What a column of a model is when it is published.
public struct SeriesFigure: Hashable, Sendable {
    public var column: String
    public var series: String
    /// nil: all categories together.
    public var category: String?
}

/// A count of persons: of a series, in a period, at a place, of a category.
public struct StatisticsCell: Hashable, Sendable {
    /// The category of those whose category is not told.
    public static let everyCategory = "all"
    /// The period of series without one.
    public static let everyPeriod = "all"

    public var series: String
    public var period: String
    public var place: RegionCode
    public var category: String

    public init(series: String, period: String, place: RegionCode, category: String) {
        self.series = series
        self.period = period
        self.place = place
        self.category = category
    }

    /// The next wider cell: up to the regency by place, then without category, then up to the nation. Nil: there is
    /// none.
    var wider: StatisticsCell? {
        var wider = self
        switch place.level {
        case .village, .district: wider.place = place.ancestor(at: .regency) ?? .nation
        default:
            guard category == Self.everyCategory else {
                wider.category = Self.everyCategory
                break
            }
            guard let parent = place.parent else { return nil }
            wider.place = parent
        }
        return wider
    }

    /// Whether it is a village's or a district's: a cell that persons may be attributed to by themselves.
    var isNarrow: Bool { place.level == .village || place.level == .district }
}

extension StatisticsCell: Comparable {
    public static func < (left: StatisticsCell, right: StatisticsCell) -> Bool {
        (left.series, left.period, left.place.description, left.category)
            < (right.series, right.period, right.place.description, right.category)
    }
}
