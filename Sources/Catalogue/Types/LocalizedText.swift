/// A language that people read Simpul in. Indonesian is the first; English is a choice.
public enum Language: String, Sendable, Hashable, CaseIterable {
    case indonesian = "id"
    case english = "en"
}

/// One text in both languages. Every label, hint and problem that a person sees is one of these.
public struct LocalizedText: Sendable, Hashable {
    public var id: String
    public var en: String

    public init(id: String, en: String) {
        self.id = id
        self.en = en
    }

    public subscript(language: Language) -> String {
        switch language {
        case .indonesian: id
        case .english: en
        }
    }
}
