/// Text from outside, made safe to print on one line of a terminal or a log.
enum Printable {
    /// Keeps printable ASCII, replaces everything else by `?`, and cuts after `limit` characters:
    /// no line breaks, escape sequences or direction marks reach an operator's screen.
    static func line(_ text: String, limit: Int = 200) -> String {
        let scalars = text.unicodeScalars.prefix(limit)
        let safe = String(String.UnicodeScalarView(scalars.map { (" "..."~").contains($0) ? $0 : "?" }))
        return text.unicodeScalars.count > limit ? safe + "…" : safe
    }
}
