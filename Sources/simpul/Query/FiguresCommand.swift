import ArgumentParser
import Event
import Node
import ReadModels
import Store

struct FiguresCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "figures",
        abstract: "Published figures that have changed since: old, new, and which lines changed them.")

    @OptionGroup var folder: FolderOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        let restated = try node.modelReader.restatements(
            scope: node.own.region, today: try QueryOptions.today(node), intake: node.intakeReader)
        if restated.isEmpty { Output.result("No published figure has changed.") }
        for figure in restated {
            Output.result("\(figure.figure)")
            Output.result("    \(figure.model).\(figure.column): \(figure.old) at cut \(figure.cut), now \(figure.new)")
            for change in figure.changes {
                let by = change.by.map { " by \($0.log)#\($0.sequence)" } ?? ""
                Output.result(
                    "    \(change.cause.rawValue)\(by): \(change.type) of \(change.occurredAt), "
                        + "\(change.line.log)#\(change.line.sequence)")
            }
        }
    }
}
