/// What a batch has changed so far, by the names under which models read it.
struct Changes {
    private var names: Set<String> = []

    mutating func note(_ name: String) { names.insert(name) }

    /// Whether anything that a model reads has changed.
    func concern(_ model: ModelFile) -> Bool {
        model.reads.contains { reads in
            switch reads.source {
            case .event(let type, _): names.contains(EventNaming.relation(type))
            case .model(let name): names.contains(name)
            case .everyEvent, .logs: false
            }
        }
    }
}
