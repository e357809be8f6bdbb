import GRDB

/// The models that a file holds, as it was told when they were installed.
struct ModelRegistry: Sendable {
    let generation: Int64
    let models: [ModelFile]
    /// Models that are not kept up any more, and why.
    let failures: [String: String]

    init(_ db: Database) throws {
        generation = try Int64.fetchOne(db, sql: "SELECT value FROM meta WHERE name = 'generation'") ?? 0
        var models: [ModelFile] = []
        var failures: [String: String] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT name, file, text, failure FROM model ORDER BY name") {
            models.append(try ModelFile(file: row["file"], text: row["text"]))
            failures[row["name"]] = row["failure"] as String?
        }
        self.models = models
        self.failures = failures
    }

    func model(_ name: String) throws(ReadModelError) -> ModelFile {
        guard let model = find(name) else { throw .unknownModel(name, known: models.map(\.name)) }
        if let failure = failures[name] { throw .notKept(model: name, reason: failure) }
        return model
    }

    func find(_ name: String) -> ModelFile? { models.first { $0.name == name } }

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
