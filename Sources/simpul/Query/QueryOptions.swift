import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import ReadModels
import Store

/// Which rows, and as of when.
struct QueryOptions: ParsableArguments {
    @Option(help: "Only rows where this holds, e.g. month=2026-07, departures>=5, village=36.04.13.2007,36.04.13.2008.")
    var `where`: [String] = []

    @Option(help: "Only rows of this region. Default: the node's.")
    var region: String?

    @Option(help: "What was known at this cut; every answer names the one it was computed at.")
    var asOfCut: Int64?

    @Option(help: "Versions of models, as a published figure's line names them: \"NAME/VERSION NAME/VERSION\".")
    var versions: String?

    @Option(
        help: ArgumentHelp(
            "Count by the region codes in force on that day, or `new` for today. Default: the codes recorded.",
            valueName: "yyyy-mm-dd|new"))
    var edition: String?

    @Option(help: "What had happened by this date, e.g. 2026-08-31.")
    var trueAt: String?

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "See what this role sees, e.g. analyst. Default: all, as whoever holds the folder does.", valueName: "role")
    )
    var role: String?

    /// The folder's holder, unless another role's eyes are asked for.
    func reader(_ node: Node) throws -> Reader {
        guard let role else { return .holder }
        guard node.catalogue.access.role(role) != nil else {
            throw NodeError(
                .badInput, "no role \(role) sees anything",
                advice: "the roles are \(node.catalogue.access.roles.map(\.code).joined(separator: ", "))")
        }
        return try node.reader(role: role, region: node.own.region, actor: "")
    }

    /// Whoever holds the folder can read its files without a trace; whoever asks its program leaves one.
    func noteReading(of answer: Answer, node: Node, isExport: Bool) throws {
        let actor = ProcessInfo.processInfo.environment["SIMPUL_ACTOR"].flatMap { $0.isEmpty ? nil : $0 }
        try node.recordReading(
            Reading(
                actor: actor ?? node.own.node.description, role: "operator", purpose: "operation",
                resource: "simpul query \(answer.model)", isExport: isExport,
                subjects: answer.subjects(in: node.own.region)))
    }

    func filters() throws -> [Filter] { try self.where.map { try Filter(parsing: $0) } }

    func asOf() throws -> AsOf {
        guard let trueAt else { return AsOf(cut: asOfCut) }
        guard let day = LocalDay(trueAt) else {
            throw NodeError(.badInput, "--true-at \(trueAt) is not a day", advice: "write it as 2026-08-31")
        }
        return AsOf(cut: asOfCut, trueAt: day)
    }

    func scope(_ node: Node) throws -> RegionCode {
        guard let region else { return node.own.region }
        let code = try RegionCode(region)
        guard code.isAtOrBelow(node.own.region) else {
            throw NodeError(
                .badInput, "this node holds the figures of \(node.own.region), not of \(code)",
                advice: "ask at the hub of that region, or at the centre")
        }
        return code
    }

    func query(_ model: String, node: Node, sort: [String] = [], limit: Int = 100_000) throws -> ModelQuery {
        var query = ModelQuery(
            model, filters: try filters(), sort: sort.map { SortKey(parsing: $0) }, limit: limit, asOf: try asOf(),
            scope: try scope(node), reader: try reader(node), today: try Self.today(node))
        query.edition = try edition(node)
        query.versions = versions.map(ModelReader.versions(parsing:)) ?? [:]
        return query
    }

    private func edition(_ node: Node) throws -> LocalDay? {
        guard let edition, edition != "new" else { return try edition.map { _ in try Self.today(node) } }
        guard let day = LocalDay(edition) else {
            throw NodeError(.badInput, "--edition \(edition) is not a day", advice: "write 2026-01-01, or new")
        }
        return day
    }

    static func today(_ node: Node) throws -> LocalDay {
        guard let day = LocalDay(node.localDay(node.now())) else {
            throw NodeError(.badInput, "the clock of this machine shows no usable day", advice: "set the clock")
        }
        return day
    }
}
