import ArgumentParser
import Node

struct RebuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Build the read models again from the logs, beside the ones in use, and switch.")

    @OptionGroup var folder: FolderOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let lines = try node.rebuild()
        Output.result("\(lines) lines read")
    }
}
