import Foundation

/// Finds names the way people type them: without case and accents, by the beginnings of words, in any order.
struct NameSearch: Sendable {
    private let words: [String]

    init(_ text: String) { words = Self.words(of: text) }

    var isEmpty: Bool { words.isEmpty }

    /// Whether every word typed begins some word of one of the names.
    func matches(_ names: [String]) -> Bool {
        let candidates = names.flatMap(Self.words)
        return words.allSatisfy { word in candidates.contains { $0.hasPrefix(word) } }
    }

    static func words(of text: String) -> [String] {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
            .split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
