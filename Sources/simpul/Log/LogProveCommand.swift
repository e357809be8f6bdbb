import ArgumentParser
import Event
import Foundation
import Node
import Store
import Sync
import TransparencyLog

struct LogProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove that a record stands in its author's log.",
        discussion: """
            Prints one JSON object: the line (base64), its index, the RFC 6962 audit path (base64), size and root, the
            author's checkpoint as a signed note, and the receipts of others that hold the line. Whoever knows the
            author's key can verify it without Simpul (protocol/02-log.md).
            """)

    @OptionGroup var folder: FolderOption

    @Argument(help: "The record: LOG#SEQUENCE~HASH, or LOG#SEQUENCE.")
    var reference: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let (log, sequence, hash) = try place()
        guard let proof = try node.store.inclusionProof(log, sequence) else {
            throw NodeError(
                .badInput, "\(log)#\(sequence) is not here, or its author has not signed for it yet",
                advice: "`simpul log show` shows what is here; sync and try again")
        }
        if let hash, hash != proof.reference.leafHash {
            throw NodeError(
                .badInput, "line \(sequence) of \(log) is another one than \(reference)",
                advice: "it stands in a branch of that log; ask the operator of the hub")
        }
        Output.result(Self.document(proof))
    }

    private func place() throws -> (LogName, Int64, [UInt8]?) {
        if reference.contains("~") {
            let reference = try LineReference(reference)
            return (reference.log, reference.sequence, reference.leafHash)
        }
        let parts = reference.split(separator: "#").map(String.init)
        guard parts.count == 2, let sequence = Int64(parts[1]), sequence >= 0 else {
            throw NodeError(
                .badInput, "“\(reference)” names no record",
                advice: "write LOG#SEQUENCE, e.g. as `simpul record` printed it")
        }
        return (try LogName(parts[0]), sequence, nil)
    }

    private static func document(_ proof: InclusionProof) -> JSON {
        .object([
            JSONMember("reference", .string(proof.reference.description)),
            JSONMember("log", .string(proof.reference.log.description)),
            JSONMember("index", .int(proof.reference.sequence)),
            JSONMember("line", .string(Data(proof.line).base64EncodedString())),
            JSONMember("leaf", .string(Hash.leaf(proof.line).base64)),
            JSONMember("proof", .array(proof.path.map { .string($0.base64) })),
            JSONMember("size", .int(proof.size)),
            JSONMember("root", .string(proof.root.base64)),
            JSONMember("checkpoint", .string(proof.checkpoint)),
            JSONMember("receipts", .array(proof.receipts.map(\.json))),
        ])
    }
}
