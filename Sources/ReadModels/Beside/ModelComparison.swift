import Event

/// How the rows of two versions of a model differ, at one cut.
public struct ModelComparison: Sendable {
    /// A column that both have, and in how many rows that both have its values differ.
    public struct Column: Sendable, Hashable {
        public var name: String
        public var differing: Int64
    }

    /// A row of one version and that of the same key in the other; nil where there is none.
    public struct Example: Sendable {
        public var key: [ModelValue]
        public var old: [ModelValue]?
        public var new: [ModelValue]?
    }

    public var name: String
    public var oldVersion: Int
    public var newVersion: Int
    public var cut: Int64
    public var oldRows: Int64
    public var newRows: Int64
    /// Rows whose key only one of the two has.
    public var onlyOld: Int64
    public var onlyNew: Int64
    /// Rows of the same key that differ in a column that both have.
    public var differing: Int64
    public var columns: [Column]
    /// Columns that only one has.
    public var columnsGone: [String]
    public var columnsNew: [String]
    public var key: [String]
    /// Columns of `Example.old` and `.new`.
    public var compared: [String]
    public var examples: [Example]

    public var isSame: Bool {
        onlyOld == 0 && onlyNew == 0 && differing == 0 && columnsGone.isEmpty && columnsNew.isEmpty
    }
}

extension ModelReader {
    /// Versions beside those in use, also those that are not complete.
    public func besideModels() throws -> [BesideInfo] {
        try read { context in
            let exists = try context.connection.value("SELECT 1 FROM sqlite_master WHERE name = 'beside'")
            return exists == nil ? [] : try BesideTable(context.connection).infos()
        }
    }

    /// Compares a version beside with the one in use, in one state of the file.
    /// - Throws: `ReadModelError.unknownModel` where there is no complete version of that number.
    public func compare(_ name: String, version: Int, examples: Int = 10) throws -> ModelComparison {
        try read { context in
            let old = try context.registry.model(name)
            guard old.kind != .view else {
                throw ReadModelError.failed(
                    what: "Comparing \(name)",
                    reason: "it is a view, which has no rows of its own; compare the models that it reads")
            }
            guard let new = context.registry.beside.first(where: { $0.name == ModelFile.table(name, version) }),
                new.kind != .view
            else {
                throw ReadModelError.unknownModel(
                    ModelFile.table(name, version), known: context.registry.beside.map(\.name))
            }
            guard old.identity == new.identity else {
                throw ReadModelError.failed(
                    what: "Comparing \(name) v\(old.version) with v\(version)",
                    reason: "their rows go by other keys: \(old.identity.joined(separator: ", ")) and "
                        + new.identity.joined(separator: ", "))
            }
            return try Comparer(context: context, name: name, old: old, new: new).comparison(examples: examples)
        }
    }
}

private struct Comparer {
    let context: ReadContext
    let name: String
    let old: ModelFile
    let new: ModelFile

    private var common: [String] {
        let names = new.columns.map(\.name)
        return old.columns.map(\.name).filter { names.contains($0) && !old.identity.contains($0) }
    }

    private var join: String { old.identity.map { "o.\($0) = n.\($0)" }.joined(separator: " AND ") }
    private var oldTable: String { old.table }
    private var newTable: String { new.table }

    func comparison(examples limit: Int) throws -> ModelComparison {
        let (oldNames, newNames) = (old.columns.map(\.name), new.columns.map(\.name))
        return ModelComparison(
            name: name, oldVersion: old.version, newVersion: new.version, cut: context.cut,
            oldRows: try count("SELECT count(*) FROM \(oldTable)"),
            newRows: try count("SELECT count(*) FROM \(newTable)"),
            onlyOld: try count(
                "SELECT count(*) FROM \(oldTable) o WHERE NOT EXISTS (SELECT 1 FROM \(newTable) n WHERE \(join))"),
            onlyNew: try count(
                "SELECT count(*) FROM \(newTable) n WHERE NOT EXISTS (SELECT 1 FROM \(oldTable) o WHERE \(join))"),
            differing: common.isEmpty
                ? 0 : try count("SELECT count(*) FROM \(oldTable) o JOIN \(newTable) n ON \(join) WHERE \(differs)"),
            columns: try common.map { column in
                ModelComparison.Column(
                    name: column,
                    differing: try count(
                        "SELECT count(*) FROM \(oldTable) o JOIN \(newTable) n ON \(join) WHERE o.\(column) IS NOT n.\(column)"
                    ))
            },
            columnsGone: oldNames.filter { !newNames.contains($0) },
            columnsNew: newNames.filter { !oldNames.contains($0) }, key: old.identity, compared: common,
            examples: try examples(limit))
    }

    private var differs: String { common.map { "o.\($0) IS NOT n.\($0)" }.joined(separator: " OR ") }

    private func count(_ sql: String) throws -> Int64 { try context.connection.value(sql)?.integer ?? 0 }

    /// The first rows by key that are not in both alike.
    private func examples(_ limit: Int) throws -> [ModelComparison.Example] {
        func columns(_ side: String) -> String {
            (["\(side).\(old.identity[0]) IS NOT NULL"] + common.map { "\(side).\($0)" }).joined(separator: ", ")
        }
        let key = old.identity.map { "coalesce(o.\($0), n.\($0)) AS \($0)" }.joined(separator: ", ")
        let condition =
            (["o.\(old.identity[0]) IS NULL", "n.\(old.identity[0]) IS NULL"] + (common.isEmpty ? [] : [differs]))
            .joined(separator: " OR ")
        // A full join, which older SQLite has not got: all of the one side, then what only the other has.
        let rows = try context.connection.rows(
            """
            SELECT \(key), \(columns("o")), \(columns("n")) FROM \(oldTable) o LEFT JOIN \(newTable) n ON \(join) \
            WHERE \(condition) UNION ALL \
            SELECT \(key), \(columns("o")), \(columns("n")) FROM \(newTable) n LEFT JOIN \(oldTable) o ON \(join) \
            WHERE o.\(old.identity[0]) IS NULL ORDER BY \(old.identity.joined(separator: ", ")) LIMIT \(limit)
            """)
        let (keys, width) = (old.identity.count, common.count + 1)
        return rows.map { row in
            func side(_ start: Int) -> [ModelValue]? {
                row[start] == 1 ? Array(row[(start + 1)..<(start + width)]) : nil
            }
            return ModelComparison.Example(key: Array(row[..<keys]), old: side(keys), new: side(keys + width))
        }
    }
}
