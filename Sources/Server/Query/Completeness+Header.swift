import ReadModels

extension Completeness {
    /// As a header: a dictionary after RFC 9651.
    var header: String {
        "enrolled=\(enrolled), reporting=\(reporting), silent=\(silent.count), state=\(state.rawValue), "
            + "threshold=\"\(threshold)\""
    }
}
