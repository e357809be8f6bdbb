import Catalogue
import Crypto
import Event

/// The kinds of lines that villages write, in the proportions of their work.
struct Workload: Sendable {
    let catalogue: Catalogue
    /// One key for all persons: what it costs to encrypt is the same, and bytes look the same.
    let personKey = SymmetricKey(size: .bits256)
    private let templates: [(upTo: Double, template: EventTemplate?)]

    init(catalogue: Catalogue) throws {
        self.catalogue = catalogue
        var random = SeededRandom(seed: 0)
        var sum = 0.0
        var templates: [(upTo: Double, template: EventTemplate?)] = []
        for (name, weight) in EventMix.perVisit {
            sum += weight
            // Corrections and retractions are made by the log, which knows what there is to correct.
            let isAmendment = name.hasPrefix("record.")
            let type = isAmendment ? nil : catalogue.types[name]
            guard isAmendment || type != nil else { throw WorkloadError(type: name) }
            templates.append((sum, type.map { EventTemplate($0, catalogue: catalogue, random: &random) }))
        }
        self.templates = templates.map { ($0.upTo / sum, $0.template) }
    }

    /// A template by its weight; nil asks for a correction of an earlier line.
    func template(_ random: inout SeededRandom, canAmend: Bool) -> EventTemplate? {
        let chance = Double.random(in: 0..<1, using: &random)
        let chosen = templates.first { chance < $0.upTo }?.template
        return chosen ?? (canAmend ? nil : templates.first?.template)
    }
}

struct WorkloadError: Error, CustomStringConvertible {
    let type: String
    var description: String { "the catalogue has no event type \(type); bench and catalogue are of different versions" }
}
