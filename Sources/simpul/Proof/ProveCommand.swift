import ArgumentParser
import Event
import Node
import Store

struct ProveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract: "Prove a record, or that a log only grew, to somebody outside. / Membuktikan catatan.",
        discussion: """
            simpul prove 'LOG#12~HASH'           the record stands in its author's log
            simpul prove LOG --from 5 --to 20    the log of 20 lines begins with the log of 5

            Prints one JSON file. Whoever has the author's public key (`simpul nodes keys`) verifies it without Simpul:
            protocol/verify/simpul_verify.py proof FILE --keys KEYS (protocol/10-proofs.md). The record itself is in it
            as it stands in the log; what is encrypted there stays encrypted.
            """)

    @OptionGroup var folder: FolderOption

    @Argument(help: "The record: LOG#SEQUENCE~HASH or LOG#SEQUENCE; or a log, with --from.")
    var subject: String

    @Option(help: "The smaller size, in lines, for a proof that the log only grew.")
    var from: Int64?

    @Option(help: "The size to prove under. Default: the newest that the author signed.")
    var to: Int64?

    @Flag(help: "Also prove that the others hold the record who said so.")
    var held = false

    func validate() throws {
        guard from == nil || !subject.contains("#") else {
            throw ValidationError("--from is for a log; a record is proved by its reference alone")
        }
        guard from == nil || !held else { throw ValidationError("--held is for a record") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        if let from {
            Output.result(try growth(node, try LogName(subject), from: from).json)
        } else {
            Output.result(try inclusion(node).json)
        }
    }

    private func inclusion(_ node: Node) throws -> InclusionProof {
        let place = try RecordPlace(subject, instead: "; for a log give --from")
        let (log, sequence, hash) = (place.log, place.sequence, place.leafHash)
        guard let proof = try node.store.inclusionProof(log, sequence, at: to, withHolders: held) else {
            throw NodeError(
                .badInput,
                to.map { "\(log)#\(sequence) cannot be proved under \($0) lines" }
                    ?? "\(log)#\(sequence) is not here, or its author has not signed for it yet",
                advice: "`simpul log show` shows what is here; sync and try again")
        }
        if let hash, hash != proof.reference.leafHash {
            throw NodeError(
                .badInput, "line \(sequence) of \(log) is another one than \(subject)",
                advice: "it stands in a branch of that log; ask the operator of the hub")
        }
        return proof
    }

    private func growth(_ node: Node, _ log: LogName, from: Int64) throws -> ConsistencyProof {
        do {
            return try node.store.consistencyProof(log, from: from, to: to)
        } catch NoConsistencyProof.notHeld(let size) {
            throw NodeError(
                .badInput, "there are not \(size) lines of \(log) here, or --from is not between 1 and --to",
                advice: "`simpul log list` lists the logs with their sizes")
        } catch NoConsistencyProof.unsigned(let size, let near) {
            throw NodeError(
                .badInput, "no signed head of \(size) lines of \(log) is here",
                advice: near.isEmpty
                    ? "ask a node that holds more of it"
                    : "there is one of \(near.map(String.init).joined(separator: ", ")) lines")
        }
    }
}
