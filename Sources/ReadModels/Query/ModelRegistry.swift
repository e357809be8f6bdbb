import GRDB

/// The models that a file holds, as it was told when they were installed.
struct ModelRegistry: Sendable {
    let generation: Int64
    private(set) var models: [ModelFile]
    /// Versions beside those, complete, by the names of their tables.
    let beside: [ModelFile]
    /// Models that are not kept up any more, and why.
    private(set) var failures: [String: String]

    init(_ db: Database) throws {
        generation = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'generation'") ?? 0
        var models: [ModelFile] = []
        var failures: [String: String] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT name, file, text, failure FROM model ORDER BY name") {
            models.append(try ModelFile(file: row["file"], text: row["text"]))
            failures[row["name"]] = row["failure"] as String?
        }
        self.models = models
        beside =
            try BesideTable.exists(db)
            ? Row.fetchAll(db, sql: "SELECT file, text FROM beside WHERE state = 'ready' ORDER BY name, version")
                .map { try ModelFile(file: $0["file"], text: $0["text"]).beside } : []
        self.failures = failures
    }

    func model(_ name: String) throws(ReadModelError) -> ModelFile {
        guard let model = find(name) else { throw .unknownModel(name, known: models.map(\.name)) }
        if let failure = failures[name] { throw .notKept(model: name, reason: failure) }
        return model
    }

    /// Reads `NAME/VERSION NAME/VERSION`.
    static func versions(_ text: String) -> [String: Int] {
        var versions: [String: Int] = [:]
        for part in text.split(separator: " ") {
            let pair = part.split(separator: "/")
            if pair.count == 2, let version = Int(pair[1]) { versions[String(pair[0])] = version }
        }
        return versions
    }

    /// Whether each of these versions is in use or beside.
    func has(_ versions: [String: Int]) -> Bool { versions.allSatisfy { version($0.key, $0.value) != nil } }

    /// The models as they are with these versions, each under its plain name.
    /// - Throws: `.unknownModel` for a version that is not here.
    func with(_ versions: [String: Int]) throws(ReadModelError) -> ModelRegistry {
        var copy = self
        for (name, number) in versions {
            guard let wanted = version(name, number) else {
                throw .unknownModel(ModelFile.table(name, number), known: models.map(\.table) + beside.map(\.name))
            }
            copy.models = copy.models.filter { $0.name != name } + [wanted]
            if find(name)?.version != number { copy.failures[name] = nil }
        }
        return copy
    }

    private func version(_ name: String, _ number: Int) -> ModelFile? {
        if let model = models.first(where: { $0.name == name && $0.version == number }) { return model }
        guard var model = beside.first(where: { $0.name == ModelFile.table(name, number) }) else { return nil }
        model.name = name
        model.isBeside = false
        return model
    }

    /// By its name the version in use; by `NAME__vN` that version, whether it is in use or beside.
    func find(_ name: String) -> ModelFile? {
        models.first { $0.name == name } ?? beside.first { $0.name == name }
            ?? models.first { $0.kind != .view && $0.table == name }?.beside
    }

    /// The model and all that it reads, each after what it reads.
    func closure(of model: ModelFile) -> [ModelFile] {
        var result: [ModelFile] = []
        for name in model.modelsRead {
            guard let source = find(name) else { continue }
            for model in closure(of: source) where !result.contains(model) { result.append(model) }
        }
        return result + [model]
    }
}
