import ArgumentParser
import Foundation
import Node

struct PassphraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase",
        abstract: "Protect the keys of this node with a passphrase. / Kata sandi simpul.",
        discussion: """
                simpul passphrase set       the first one
                simpul passphrase change    another one; the old one opens nothing any more
                simpul passphrase status    whether one is set, and whether this node is locked now

            Without the passphrase nobody who takes this laptop away reads a name, number or address from it. A village's
            recovery key goes to its hub with the next sync; elsewhere it is shown once, for paper.
            """,
        subcommands: [PassphraseSetCommand.self, PassphraseChangeCommand.self, PassphraseStatusCommand.self])
}

struct PassphraseSetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "set", abstract: "Set the first passphrase.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "Read it from this file, - for standard input, instead of asking.")
    var passphraseFile: String?

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let new = try SecretPrompt(language: language).new(file: passphraseFile)
        let code = try node.setPassphrase(new)
        Output.note(
            language.say(
                "Kata sandi simpul dibuat. Simpul ini terbuka; kunci dengan simpul lock.",
                "The passphrase is set. This node is unlocked; lock it with simpul lock."))
        PaperCode(language: language).tell(code)
    }
}

struct PassphraseChangeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "change", abstract: "Replace the passphrase.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "Read the present one from this file instead of asking.")
    var passphraseFile: String?

    @Option(help: "Read the new one from this file instead of asking.")
    var newPassphraseFile: String?

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let prompt = SecretPrompt(language: language)
        let old = try prompt.read("Kata sandi simpul sekarang: ", "Present passphrase: ", file: passphraseFile)
        let new = try prompt.new(file: newPassphraseFile)
        let code = try node.setPassphrase(new, replacing: Passphrase(old))
        Output.note(language.say("Kata sandi simpul diganti.", "The passphrase was changed."))
        PaperCode(language: language).tell(code)
    }
}

struct PassphraseStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Say open (no passphrase), locked or unlocked.")

    @OptionGroup var folder: FolderOption

    func run() throws {
        switch try Vault(folder: try folder.existing()).state() {
        case .open: Output.result("open")
        case .locked: Output.result("locked")
        case .unlocked: Output.result("unlocked")
        }
    }
}
