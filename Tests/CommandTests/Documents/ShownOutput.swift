import Foundation

/// What a page shows of an output, where `…` stands for any text in a line, and a line of `…` alone for any lines.
///
/// What stood where a word of the page has a `…` is remembered, so that a later command of the page can name it: a
/// code, the reference of a record.
struct ShownOutput {
    /// Words of pages with a `…`, and what stood there last.
    private(set) var words: [String: String] = [:]

    /// Where an output differs from what is shown; nil: nowhere.
    mutating func difference(of output: String, from shown: [String]) -> String? {
        let actual = output.components(separatedBy: "\n").map(Self.withoutEnd).drop { $0.isEmpty }
        var rest = ArraySlice(actual)
        while rest.last?.isEmpty == true { rest.removeLast() }
        var wanted = ArraySlice(shown.map(Self.withoutEnd))
        while wanted.last?.isEmpty == true { wanted.removeLast() }
        while let line = wanted.popFirst() {
            guard line == "…" else {
                guard let found = rest.popFirst() else { return "“\(line)” is shown, and nothing more was printed" }
                guard matches(found, line) else { return "“\(line)” is shown, “\(found)” was printed" }
                continue
            }
            guard let next = wanted.first else { return nil }
            while let found = rest.first, !matches(found, next) { rest.removeFirst() }
        }
        return rest.first.map { "“\($0)” was printed, and is not shown" }
    }

    /// A command with what its words with a `…` stand for.
    func filled(_ command: String) -> String {
        words.reduce(command) { $0.replacingOccurrences(of: $1.key, with: $1.value) }
    }

    private mutating func matches(_ line: String, _ shown: String) -> Bool {
        guard shown.contains("…") else { return line == shown }
        let pattern = shown.components(separatedBy: "…").map(NSRegularExpression.escapedPattern(for:))
            .joined(separator: "(.*)")
        guard line.range(of: "^" + pattern + "$", options: .regularExpression) != nil else { return false }
        let (left, right) = (shown.split(separator: " "), line.split(separator: " "))
        guard left.count == right.count else { return true }
        for (word, found) in zip(left, right) where word.contains("…") && word.count > 4 {
            words[String(word)] = String(found)
        }
        return true
    }

    private static func withoutEnd(_ line: String) -> String {
        String(line.reversed().drop { $0 == " " || $0 == "\r" }.reversed())
    }
}
