import Foundation
import Mustache
import Node

/// The mustache templates, parsed once.
struct Templates: Sendable {
    private let library: MustacheLibrary

    init(_ resources: PageResources) throws {
        var library = MustacheLibrary()
        for name in try resources.names(in: "templates", ending: ".mustache") {
            let text = String(decoding: try resources.data("templates/\(name).mustache"), as: UTF8.self)
            do {
                try library.register(text, named: name)
            } catch {
                throw NodeError(.damaged, "templates/\(name).mustache: \(error)", advice: "correct the template")
            }
        }
        self.library = library
    }

    func render(_ name: String, _ model: [String: Any]) throws -> String {
        guard let text = library.render(model, withTemplate: name) else {
            throw NodeError(.damaged, "there is no template \(name)", advice: "install the program again")
        }
        return text
    }
}
