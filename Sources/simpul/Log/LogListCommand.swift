import ArgumentParser
import Event
import Foundation
import Node
import Store
import Sync
import TransparencyLog

struct LogListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the logs of this node, with size and root.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "One JSON object a log.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        for row in try node.store.heads() {
            if json {
                Output.result(
                    JSON.object(
                        [
                            JSONMember("log", .string(row.log.description)), JSONMember("size", .int(row.size)),
                            JSONMember("root", .string(row.root.base64)),
                        ] + (row.branch.map { [JSONMember("branch", BranchWords.json($0))] } ?? [])))
            } else {
                Output.result(
                    "\(String(row.size).leftPadded(8))  \(row.log)\(row.branch.map { BranchWords.name($0, language) } ?? "")"
                )
            }
        }
    }
}

extension String {
    func leftPadded(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
