import Event

/// Comparing and counting dates as events hold them.
enum Moments {
    /// Whether a value comes surely before another: integers by size, moments by instant, dates by day. A
    /// truncated date counts as its last day when it should be early and its first when late. Nil when they
    /// do not compare.
    static func isBefore(_ value: JSON, _ other: JSON) -> Bool? {
        if let left = value.intValue, let right = other.intValue { return left < right }
        guard let left = value.stringValue.flatMap(OccurredAt.init),
            let right = other.stringValue.flatMap(OccurredAt.init)
        else { return nil }
        if let a = left.milliseconds, let b = right.milliseconds { return a < b }
        return left.lastDate < right.firstDate
    }

    /// Days from one local date to the first day another can mean; negative when it is past.
    static func days(from date: String, to other: OccurredAt) -> Int64? {
        guard let start = DateTime("\(date)T00:00:00Z"), let end = DateTime("\(other.firstDate)T00:00:00Z")
        else { return nil }
        return (end.milliseconds - start.milliseconds) / 86_400_000
    }
}
