import Foundation

/// Names and values as a form or a query sends them: `application/x-www-form-urlencoded`, order and repetition kept.
struct FormBody: Sendable {
    /// Far beyond any form of ours; more is an attack or a mistake.
    static let maximumBytes = 262_144
    static let maximumPairs = 2_000

    private(set) var pairs: [(name: String, value: String)] = []

    init() {}

    init(pairs: [(name: String, value: String)]) { self.pairs = pairs }

    /// Nil when it is not in that form, not UTF-8, or has too many pairs.
    init?(urlEncoded text: some StringProtocol) {
        for part in text.split(separator: "&", maxSplits: Self.maximumPairs) {
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(halves[0]), let value = Self.decoded(halves.count > 1 ? halves[1] : "") else {
                return nil
            }
            pairs.append((name, value))
        }
        guard pairs.count <= Self.maximumPairs else { return nil }
    }

    /// The first value, without spaces around it; nil when there is none or it is empty.
    subscript(name: String) -> String? {
        guard let value = pairs.first(where: { $0.name == name })?.value else { return nil }
        let trimmed = value.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? nil : trimmed
    }

    /// The first value exactly as it was sent, for secrets: a space may be part of one.
    func exact(_ name: String) -> String { pairs.first { $0.name == name }?.value ?? "" }

    func all(_ name: String) -> [String] { pairs.filter { $0.name == name }.map(\.value) }

    /// Values by name, for the names that start with `prefix`, which is taken off.
    func values(prefix: String = "") -> [String: [String]] {
        pairs.filter { $0.name.hasPrefix(prefix) }.reduce(into: [:]) { values, pair in
            // Browsers send line ends of text areas as CR LF.
            let value = pair.value.replacingOccurrences(of: "\r\n", with: "\n")
            values[String(pair.name.dropFirst(prefix.count)), default: []].append(value)
        }
    }

    private static func decoded(_ text: some StringProtocol) -> String? {
        text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding
    }
}
