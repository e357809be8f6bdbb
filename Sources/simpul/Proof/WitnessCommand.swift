import ArgumentParser
import Event
import Foundation
import Node
import Store
import TransparencyLog

struct WitnessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Compare with others whether everybody was shown one history. / Saksi atas isi log.",
        subcommands: [WitnessExportCommand.self])
}

struct WitnessExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the signed heads of all logs that this node was shown.",
        discussion: """
            simpul witness export > serang.json                          on one hub
            simpul witness export --against serang.json > lebak.json     on another: brings the proofs between the two
            simpul_verify.py witness serang.json lebak.json --keys KEYS

            The file holds names of logs, sizes and hashes, and no line of any log. A hub that shows one history here and
            another there has to sign both: the two files side by side give it away.
            """)

    @OptionGroup var folder: FolderOption

    @Option(help: "Another node's file: add the proofs that lead from its heads to those here.")
    var against: String?

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let sizes = try against.map(Self.sizes) ?? [:]
        let logs = try node.store.witness(provingFrom: sizes)
        Output.result(
            .object([
                JSONMember("witness", .string("\(node.own.node)/\(node.own.epoch)")), JSONMember("version", .int(1)),
                JSONMember("logs", .array(logs.map(\.json))),
            ]))
    }

    /// The sizes of the heads in another's file. Its signatures are for the verifier: what is proved here is about the
    /// lines here.
    private static func sizes(_ path: String) throws -> [LogName: Set<Int64>] {
        let bad = NodeError(
            .badInput, "\(path) is no witness file", advice: "`simpul witness export` on the other node writes one")
        let bytes = try InputFile.bytes(path)
        guard let file = try? JSON.parse(bytes, limits: .document), let logs = file["logs"]?.arrayValue,
            file["witness"] != nil, file["version"] == 1
        else { throw bad }
        var sizes: [LogName: Set<Int64>] = [:]
        for item in logs {
            guard let name = item["log"]?.stringValue, let log = try? LogName(name),
                let heads = item["heads"]?.arrayValue
            else { throw bad }
            for head in heads {
                guard let text = head.stringValue, let note = try? SignedNote(parsing: text),
                    let checkpoint = try? Checkpoint(parsing: note.text)
                else { throw bad }
                sizes[log, default: []].insert(checkpoint.size)
            }
        }
        return sizes
    }
}
