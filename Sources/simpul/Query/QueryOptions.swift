import ArgumentParser
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

    @Option(help: "What had happened by this date, e.g. 2026-08-31.")
    var trueAt: String?

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
        ModelQuery(
            model, filters: try filters(), sort: sort.map { SortKey(parsing: $0) }, limit: limit, asOf: try asOf(),
            scope: try scope(node), today: try Self.today(node))
    }

    static func today(_ node: Node) throws -> LocalDay {
        guard let day = LocalDay(node.localDay(node.now())) else {
            throw NodeError(.badInput, "the clock of this machine shows no usable day", advice: "set the clock")
        }
        return day
    }
}
