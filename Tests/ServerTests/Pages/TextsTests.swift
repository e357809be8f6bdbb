import Catalogue
import Foundation
import Testing

@testable import Server

/// The pages' sentences: both languages whole, and none that a template asks for missing.
@Suite struct TextsTests {
    private let resources: PageResources
    private let texts: Texts

    init() throws {
        resources = try PageResources.bundled()
        texts = try Texts(resources)
    }

    @Test func `both languages have the same sentences`() {
        let names = Language.allCases.map { language in
            Set(texts.all(language).flatMap { section in section.value.keys.map { "\(section.key).\($0)" } })
        }
        #expect(names[0] == names[1])
        #expect(names[0].count > 200)
    }

    @Test func `values stand in both languages of a sentence`() {
        for (section, sentences) in texts.all(.indonesian) {
            for (name, sentence) in sentences {
                let values = { (text: String) in Set(text.matches(of: /\{(\w+)\}/).map { String($0.1) }) }
                let english = texts.all(.english)[section]?[name] ?? ""
                #expect(values(sentence) == values(english), "\(section).\(name)")
            }
        }
    }

    @Test func `every sentence that a template names is there`() throws {
        for template in try resources.names(in: "templates", ending: ".mustache") {
            let text = String(decoding: try resources.data("templates/\(template).mustache"), as: UTF8.self)
            for match in text.matches(of: /\{\{t\.([a-zA-Z]+)\.([a-zA-Z0-9]+)\}\}/) {
                let found = texts.all(.indonesian)[String(match.1)]?[String(match.2)]
                #expect(found != nil, "\(template): \(match.1).\(match.2)")
            }
        }
    }

    @Test func `templates put no value in without escaping it`() throws {
        for template in try resources.names(in: "templates", ending: ".mustache") {
            let text = String(decoding: try resources.data("templates/\(template).mustache"), as: UTF8.self)
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(template)")
        }
    }
}
