import ArgumentParser
import Event
import Foundation
import Node

struct OpenSealedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "open-sealed",
        abstract: "Read a sealed testimony, at the office it was sealed for. / Membuka keterangan tersegel.",
        discussion: """
                simpul open-sealed LOG#SEQUENCE~HASH --key satgas-banten-1.key --reason "penyidikan 12/2026"

            On a node that holds the record, with the office's key file. Each opening is a line in this node's log, written
            before the text is shown; it says who, when and why, not what. The text goes to the screen only; nothing of it
            is written to a file.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "The record, as `simpul log show` names it.")
    var reference: String

    @Option(help: "The office's key file.")
    var key: String

    @Option(help: "Why it is opened. No names of people.")
    var reason: String

    @Option(help: "Pseudonym of the second person, where the key takes two.")
    var second: String?

    @Option(help: "Read a passphrase from this file instead of asking; give it twice for two people.")
    var passphraseFile: [String] = []

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let file = try OfficeKeyFile(path: key)
        guard passphraseFile.isEmpty || passphraseFile.count == file.people else {
            throw NodeError(
                .denied, "this key takes \(file.people) passphrases, \(passphraseFile.count) were given",
                advice: "open it with the second person present")
        }
        let prompt = SecretPrompt(language: language)
        let passphrases = try (0..<file.people).map { person in
            Passphrase(
                try prompt.read(
                    "Kata sandi orang ke-\(person + 1): ", "Passphrase of person \(person + 1): ",
                    file: passphraseFile.isEmpty ? nil : passphraseFile[person]))
        }
        let opened = try node.openSealed(
            try LineReference(reference), with: file, passphrases, reason: reason, by: author.author(node),
            second: second)
        Output.result(opened.members)
    }
}
