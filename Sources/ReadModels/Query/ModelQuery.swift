import Event

/// A question to a model. Values are bound, never pasted into SQL; only columns that the model has can be named.
public struct ModelQuery: Sendable {
    public var model: String
    public var filters: [Filter]
    /// Most important first; what remains equal is ordered by the model's key.
    public var sort: [SortKey]
    /// Rows of a page, 1 to 100,000.
    public var limit: Int
    /// `nextPage` of the answer before; nil: the first page.
    public var cursor: String?
    public var asOf: AsOf
    /// Count by the region codes in force on this day; nil: by those under which things were recorded.
    public var edition: LocalDay?
    /// Versions of models, by name, where others than those in use are wanted.
    public var versions: [String: Int] = [:]
    /// Only rows of this region, in it, or (where the model says so) around it.
    public var scope: RegionCode
    /// Who asks: what is not theirs to see is in no answer.
    public var reader: Reader
    /// The day that counts as today, for what depends on it: the caller's clock, never the engine's.
    public var today: LocalDay

    public init(
        _ model: String, filters: [Filter] = [], sort: [SortKey] = [], limit: Int = 1_000, cursor: String? = nil,
        asOf: AsOf = .now, scope: RegionCode, reader: Reader, today: LocalDay
    ) {
        self.model = model
        self.filters = filters
        self.sort = sort
        self.limit = limit
        self.cursor = cursor
        self.asOf = asOf
        self.scope = scope
        self.reader = reader
        self.today = today
    }
}

/// A column to order by.
public struct SortKey: Hashable, Sendable {
    public var column: String
    public var descending: Bool

    public init(_ column: String, descending: Bool = false) {
        self.column = column
        self.descending = descending
    }

    /// Reads `column` or `-column`, as the command and the HTTP interface write it.
    public init(parsing text: String) {
        self.init(text.hasPrefix("-") ? String(text.dropFirst()) : text, descending: text.hasPrefix("-"))
    }
}
