import Catalogue
import Event
import Foundation
import Node

/// Makes `data` of what was given on the command line.
struct EntryReader {
    let type: EventType
    let reader: FormReader
    let language: LanguageOption

    /// From `name=value` texts; several of one name make a list.
    ///
    /// - Throws: `NodeError` for a text without `=`, or a name that the type does not have.
    func data(fields texts: [String]) throws -> JSON {
        var entries: [String: [String]] = [:]
        for text in texts {
            guard let equals = text.firstIndex(of: "=") else {
                throw NodeError(
                    .badInput, "--field \(text) has no “=”", advice: "write --field name=value")
            }
            let name = String(text[..<equals])
            guard type.field(name) != nil else {
                throw NodeError(
                    .badInput, "\(type.name) has no field “\(name)”",
                    advice: "its fields are \(type.fields.map(\.name).joined(separator: ", "))")
            }
            entries[name, default: []].append(String(text[text.index(after: equals)...]))
            if let field = type.field(name), !field.kind.takesSeveral, entries[name, default: []].count > 1 {
                throw NodeError(.badInput, "--field \(name) is given twice", advice: "it takes one value")
            }
        }
        return reader.data(for: type, from: entries)
    }

    /// From a JSON document, taken as it is.
    func data(json bytes: [UInt8], from path: String) throws -> JSON {
        do {
            return try JSON.parse(bytes, limits: .document)
        } catch {
            throw NodeError(
                .badInput, "\(path == "-" ? "the input" : path) is not strict JSON: \(error)",
                advice: "give one JSON object, the record's data")
        }
    }
}
