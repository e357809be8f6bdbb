extension ModelReader {
    /// The file of the version in use.
    public func file(of name: String) throws -> ModelFile? {
        try read { context in context.registry.models.first { $0.name == name } }
    }

    /// The versions of a model and all that it reads, as `NAME/VERSION NAME/VERSION`: what it takes to repeat an answer.
    public func versions(of name: String) throws -> String {
        try read { context in
            try context.registry.closure(of: context.registry.model(name)).sorted { $0.name < $1.name }
                .map { "\($0.name)/\($0.version)" }.joined(separator: " ")
        }
    }

    /// Reads what `versions(of:)` writes.
    public static func versions(parsing text: String) -> [String: Int] { ModelRegistry.versions(text) }

    /// Whether a published figure says that it was made from a version of a model.
    public func isPublished(_ name: String, version: Int) throws -> Bool {
        try read([WellKnown.figures]) { context in
            try PublishedFigure.all(context).contains { $0.versions[name] == version }
        }
    }
}
