import ArgumentParser
import Event
import Node
import Store

struct NodesKeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "The public keys of every node known here, as JSON: what an outside verifier needs.",
        discussion: """
            simpul nodes keys > keys.json
            simpul_verify.py proof proof.json --keys keys.json

            They are as good as their source: an auditor takes them from the centre, and compares the centre's own key by
            another way.
            """)

    @OptionGroup var folder: FolderOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        Output.result(.object([JSONMember("keys", .array(try node.store.enrolments().map(\.enrolment.json)))]))
    }
}
