import Event
import Foundation

extension Catalogue {
    /// Makes a catalogue of files already read. Files later in the list override earlier ones of the same
    /// name and version, so that an installed folder can add to what the program brings, or replace it.
    public init(files: [CatalogueFile], modelFiles: [URL] = []) throws(CatalogueError) {
        var codeLists: [String: CodeList] = [:]
        for file in files where file.part == .codelists {
            let list = try CodeListReader().codeList(try file.node())
            codeLists[list.name] = list
        }
        var versions: [String: [Int: EventType]] = [:]
        for file in files where file.part == .events {
            let type = try EventTypeReader(codeLists: codeLists).eventType(try file.node())
            versions[type.name, default: [:]][type.version] = type
        }
        var rules: [String: RiskRules] = [:]
        for file in files where file.part == .rules {
            let read = try RiskRulesReader().riskRules(try file.node())
            rules[read.version] = read
        }
        guard let newest = rules.values.max(by: { $0.version.isOlderVersion(than: $1.version) }) else {
            throw CatalogueError(
                file: "rules", what: "There are no risk rules.",
                fix: "Add a file to the catalogue's folder rules.")
        }
        var access = AccessPolicy.closed
        for file in files where file.part == .access {
            access = try AccessPolicyReader(codeLists: codeLists).policy(try file.node())
        }
        self.init(
            types: versions.compactMapValues { $0.max { $0.key < $1.key }?.value }, versions: versions,
            codeLists: codeLists, riskRules: newest, riskRulesByVersion: rules, modelFiles: modelFiles,
            access: access)
    }
}

extension CatalogueFile {
    fileprivate func node() throws(CatalogueError) -> SchemaNode {
        do {
            return SchemaNode(file: path, pointer: "", value: try JSON.parse(bytes, limits: .document))
        } catch {
            throw CatalogueError(file: path, what: "\(error)", fix: "Correct the file.")
        }
    }
}

extension String {
    /// Compares `1.2.0` and `1.10.0` number by number; a part that is no number counts as 0.
    fileprivate func isOlderVersion(than other: String) -> Bool {
        let numbers = { (text: String) in text.split(separator: ".").map { Int($0) ?? 0 } }
        return numbers(self).lexicographicallyPrecedes(numbers(other))
    }
}
