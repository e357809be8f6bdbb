import ArgumentParser
import Catalogue
import Foundation

/// The language in which a command speaks: Indonesian, unless asked otherwise.
struct LanguageOption: ParsableArguments {
    @Flag(name: .customLong("english"), help: "Speak English. SIMPUL_LANGUAGE=en does so always.")
    var isEnglish = false

    var language: Language {
        let wanted = ProcessInfo.processInfo.environment["SIMPUL_LANGUAGE"] ?? ""
        return isEnglish || wanted.lowercased().hasPrefix("en") ? .english : .indonesian
    }

    func say(_ id: String, _ en: String) -> String { LocalizedText(id: id, en: en)[language] }
}

extension LanguageOption {
    /// For what programs read.
    static let english: LanguageOption = {
        var option = LanguageOption()
        option.isEnglish = true
        return option
    }()
}
