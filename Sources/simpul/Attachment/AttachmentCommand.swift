import ArgumentParser
import Event
import Foundation
import Node
import Store
import Transport

struct AttachmentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attachment",
        abstract: "List attachments, or read one. / Melihat lampiran.",
        subcommands: [AttachmentListCommand.self, AttachmentGetCommand.self],
        defaultSubcommand: AttachmentListCommand.self)
}

struct AttachmentListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Attachments whose records are here, and where their contents are.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let errands = try Dictionary(uniqueKeysWithValues: node.blobs.errands().map { ($0.hash, $0.errand) })
        for attachment in try node.attachments(inScopeOf: node.own.region) {
            Output.result("\(attachment.id)  \(attachment.size)  \(attachment.record)")
            Output.result("    \(state(attachment, node, errands[attachment.sha256]))")
        }
    }

    private func state(_ attachment: AttachmentLine, _ node: Node, _ errand: BlobStore.Errand?) -> String {
        if let reason = errand?.refused {
            return language.say("di sini; induk belum menerimanya: ", "here; the parent does not take it: ") + reason
        }
        if errand != nil { return language.say("di sini, belum terkirim", "here, not sent yet") }
        if node.blobs.isWhole(attachment.sha256) { return language.say("di sini", "here") }
        let held = node.blobs.held(attachment.sha256)
        return language.say("belum di sini (\(held) bita)", "not here (\(held) bytes of it)")
    }
}

struct AttachmentGetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get",
        abstract: "Write an attachment to a file; its content is fetched from the parent where it is not here.",
        discussion: "Reading it is written down like any reading of personal data.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "The attachment, as `simpul attachment list` names it.")
    var attachment: String

    @Option(help: "The file to write; it must not be there yet.")
    var out: String

    func run() async throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        guard let found = try node.attachments(inScopeOf: node.own.region).first(where: { $0.id == attachment }) else {
            throw NodeError(
                .badInput, "there is no attachment \(attachment) here", advice: "`simpul attachment list` lists them")
        }
        guard !FileManager.default.fileExists(atPath: out) else {
            throw NodeError(.exists, "\(out) is there already", advice: "give another name; nothing was written")
        }
        try await fetch(found, node)
        let by = author.author(node)
        try node.recordReading(
            Reading(
                actor: by.actor, role: by.role, purpose: "operation", resource: "simpul attachment get", isExport: true,
                subjects: [Reading.Subject(kind: "person", id: found.holder, region: found.region)]))
        guard let opened = try node.open(found) else {
            throw NodeError(
                .denied, "this node does not hold the key of \(found.id)",
                advice: "the village that serves the person, or its hub, can read it; an erased key is nowhere")
        }
        try write(opened.content)
        Output.result(
            language.say(
                "\(out): \(opened.content.count) bita\(opened.fileName.map { " (\($0))" } ?? "")",
                "\(out): \(opened.content.count) bytes\(opened.fileName.map { " (\($0))" } ?? "")"))
    }

    private func fetch(_ attachment: AttachmentLine, _ node: Node) async throws {
        guard !node.blobs.isWhole(attachment.sha256) else { return }
        guard let settings = SyncRunner.settings(node.configuration) else {
            throw NodeError(.badInput, "the content is not here", advice: "it arrives from below with a sync")
        }
        do {
            try await HTTPWorker(settings).run { try AttachmentExchange(node: node, client: $0).fetch(attachment) }
        } catch let refusal as BlobStore.Refusal {
            throw NodeError(.badInput, "the content was not taken: \(refusal.reason)", advice: "try again later")
        }
    }

    private func write(_ content: Data) throws {
        guard
            FileManager.default.createFile(atPath: out, contents: content, attributes: [.posixPermissions: 0o600])
        else { throw NodeError(.cannotWrite, "\(out) cannot be written", advice: "check the folder and the disk") }
    }
}
