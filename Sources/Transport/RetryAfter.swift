/// The value of a `Retry-After` header: seconds, or a date.
enum RetryAfter {
    /// A server that asks for more is not obeyed beyond this; someone must be able to sync tomorrow.
    static let longest = Duration.seconds(86_400)

    static func parse(_ text: String, serverTime: Int64?) -> Duration? {
        let value = text.utf8.split(separator: 0x20).map { Substring($0) }.joined(separator: " ")
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            guard let seconds = Int64(value) else { return longest }  // more digits than an integer holds
            return min(.seconds(seconds), longest)
        }
        guard let until = HTTPDate.parse(value), let serverTime else { return nil }
        return min(.seconds(max(0, until - serverTime)), longest)
    }
}
