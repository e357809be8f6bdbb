import Catalogue
import Event
import Node
import ReadModels
import Store

extension QueryTurn {
    /// Writes down who gets whose data, before they do.
    ///
    /// - Throws: a problem (403) where this would be more than one person may take alone.
    func noteReading(of subjects: [Reading.Subject], model: ModelInfo) throws {
        let reading = Reading(
            actor: reader.actor, role: reader.role, purpose: access.purpose, resource: "model \(model.name)",
            isExport: true, subjects: subjects)
        if case .needsApproval(let count, let limit) = try node.takeExport(reading, model: model.name) {
            throw ProblemResponse.needsApproval(reader.actor, model.name, count: count, limit: limit)
        }
    }

    /// Whom lines behind a row are about.
    func subjects(of lines: [ExplainedLine]) -> [Reading.Subject] {
        lines.compactMap { line in
            guard let kind = node.catalogue.types[line.type]?.subject.kind,
                ["person", "household", "case", "episode"].contains(kind)
            else { return nil }
            return Reading.Subject(
                kind: kind, id: line.subject, region: line.line.log.audience.region ?? node.own.region)
        }
    }
}
