import Catalogue
import Event
import Foundation
import Node

/// The sentences of the pages, in both languages, from `texts/id.json` and `texts/en.json`: sections of names and texts.
struct Texts: Sendable {
    typealias Section = [String: String]

    private let languages: [Language: [String: Section]]

    init(_ resources: PageResources) throws {
        var languages: [Language: [String: Section]] = [:]
        for language in Language.allCases {
            let file = "texts/\(language.rawValue).json"
            do {
                languages[language] = try JSONDecoder().decode([String: Section].self, from: try resources.data(file))
            } catch let error as DecodingError {
                throw NodeError(.damaged, "\(file): \(error)", advice: "correct the file")
            }
        }
        self.languages = languages
    }

    /// Everything in a language, as templates reach it: `{{t.board.title}}`.
    func all(_ language: Language) -> [String: Section] { languages[language] ?? [:] }

    /// A text by `section.name`, with `{values}` put in. An unknown name shows itself: nothing is hidden.
    func callAsFunction(_ name: String, _ language: Language, _ values: [String: String] = [:]) -> String {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, var text = languages[language]?[parts[0]]?[parts[1]] else { return name }
        for (key, value) in values { text = text.replacingOccurrences(of: "{\(key)}", with: value) }
        return text
    }

    /// The text of a name, or nil when there is none: for codes that may be newer than this program.
    func known(_ name: String, _ language: Language) -> String? {
        let text = self(name, language)
        return text == name ? nil : text
    }
}
