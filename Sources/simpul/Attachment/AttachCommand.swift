import ArgumentParser
import Event
import Foundation
import Node
import Store

struct AttachCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Attach a photo or document to a record. / Melampirkan foto atau dokumen.",
        discussion: """
            simpul attach surat-izin.jpg --to 'LOG#12'

            The content is encrypted under the key of the person whose record it is, and goes to the hub after all
            records. The record's line carries its hash and size only. At most 8 MiB.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "The file.")
    var file: String

    @Option(
        help: "The record: LOG#SEQUENCE~HASH as `simpul record` printed it, or LOG#SEQUENCE as `simpul log show` does.")
    var to: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let by = author.author(node)
        let attachment = try node.attach(
            Data(try InputFile.bytes(file)), name: URL(fileURLWithPath: file).lastPathComponent,
            to: try RecordPlace(to).reference(node), actor: by.actor, role: by.role)
        Output.result(attachment.line.description)
        Output.result(
            language.say(
                "  lampiran \(attachment.id), \(attachment.size) bita terenkripsi; terkirim setelah semua catatan",
                "  attachment \(attachment.id), \(attachment.size) bytes encrypted; goes up after all records"))
    }
}
