import Catalogue
import Foundation

/// A read model as its file says it: a heading of `-- name: value` comments, then one SELECT.
public struct ModelFile: Hashable, Sendable {
    /// File name, without its folder.
    public var file: String
    public var name: String
    public var version: Int
    public var kind: ModelInfo.Kind
    public var title: LocalizedText
    public var about: String
    /// The columns whose values are looked up together; of a fold, those that `touched` has.
    public var key: [String]
    /// Further columns that, with the key, name one of several rows of a key.
    public var row: [String]
    public var reads: [ModelReads]
    public var columns: [ModelColumn]
    public var scope: RowScope
    /// What it is about, as far as access goes (`access/roles.json`).
    public var topic: String
    public var periodColumn: String?
    /// Series of released statistics that are made from its rows.
    public var releases: [SeriesSource] = []
    /// Columns whose values may be published once they are released, and as what.
    public var publishes: [SeriesFigure] = []
    /// The SELECT, without the heading.
    public var sql: String
    /// Where the SELECT starts in the file, counted from 1.
    public var sqlLine: Int
    /// The whole file.
    public var text: String
    /// Whether this is a version beside the one in use. It goes by the name of its table then.
    var isBeside = false

    /// The columns that name exactly one row.
    public var identity: [String] { key + row }

    public var info: ModelInfo {
        ModelInfo(
            name: name, version: version, kind: kind, title: title, about: about, key: identity, columns: columns,
            periodColumn: periodColumn, topic: topic, failure: nil)
    }

    /// The name of the table that holds the rows of this version.
    var table: String { isBeside ? name : Self.table(name, version) }

    static func table(_ name: String, _ version: Int) -> String { "\(name)__v\(version)" }

    /// The name by which others read it.
    var family: String { isBeside ? String(name.dropLast("__v\(version)".count)) : name }

    /// The same model under the name of its table, so that it can be kept and asked beside another version.
    var beside: ModelFile {
        var copy = self
        copy.name = table
        copy.isBeside = true
        return copy
    }
}

/// Which rows a reader may see, by the region they are for.
public enum RowScope: Hashable, Sendable {
    /// Reference data for everyone.
    case everyone
    /// Rows whose column holds the reader's region or one in it.
    case within(column: String)
    /// As `within`, and also rows of the regions around the reader's, which are addressed to it.
    case withinAndAbove(column: String)

    public var column: String? {
        switch self {
        case .everyone: nil
        case .within(let column), .withinAndAbove(let column): column
        }
    }
}

extension ModelFile {
    /// Reads a file.
    /// - Throws: every `ModelProblem` found, as `ModelProblems`.
    public init(contentsOf url: URL) throws {
        let bytes: Data
        do {
            bytes = try Data(contentsOf: url)
        } catch {
            throw ModelProblems([
                ModelProblem(
                    file: url.lastPathComponent, line: 1, what: "The file is not there or cannot be read.",
                    fix: "Check its name and permissions.")
            ])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ModelProblems([
                ModelProblem(
                    file: url.lastPathComponent, line: 1, what: "The file is not UTF-8.", fix: "Save it as UTF-8.")
            ])
        }
        try self.init(file: url.lastPathComponent, text: text)
    }

    /// Reads the text of a file.
    /// - Throws: every `ModelProblem` found, as `ModelProblems`.
    public init(file: String, text: String) throws(ModelProblems) {
        var parser = ModelFileParser(file: file, text: text)
        self = try parser.model()
    }
}

/// All that is wrong with one or more model files.
public struct ModelProblems: Error, Hashable, Sendable, CustomStringConvertible {
    public var problems: [ModelProblem]

    public init(_ problems: [ModelProblem]) { self.problems = problems }

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
