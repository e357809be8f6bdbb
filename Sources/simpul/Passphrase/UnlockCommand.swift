import ArgumentParser
import Foundation
import Node

struct UnlockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock", abstract: "Open this node with its passphrase. / Membuka kunci simpul.",
        discussion: """
            For all commands and services of this user, until `simpul lock`, until the machine is switched off, or until
            nobody used it for a while. A locked node still carries up what was written, receives, and answers queries
            that need no names.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "Read it from this file, - for standard input, instead of asking.")
    var passphraseFile: String?

    @Option(help: "Minutes without use until it locks by itself. Default: 15 in a village; never on a server.")
    var idle: Int?

    @Flag(help: "Never lock by itself.")
    var stay = false

    func validate() throws {
        guard idle == nil || !stay else { throw ValidationError("Give --idle or --stay, not both.") }
        guard idle.map({ (1...1_440).contains($0) }) ?? true else {
            throw ValidationError("--idle is 1 to 1440 minutes.")
        }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        guard try node.vault.isSet() else {
            Output.note(
                language.say(
                    "Simpul ini tidak punya kata sandi; buat dengan simpul passphrase set.",
                    "This node has no passphrase; set one with simpul passphrase set."))
            return
        }
        let text = try SecretPrompt(language: language).read(
            "Kata sandi simpul: ", "Passphrase: ", file: passphraseFile)
        try node.unlock(Passphrase(text), idle: stay ? nil : idle.map { $0 * 60 } ?? node.usualIdle)
        Output.note(language.say("Terbuka.", "Unlocked."))
    }
}

struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock", abstract: "Close this node, in all its programs at once. / Mengunci simpul.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    func run() throws {
        let vault = Vault(folder: try folder.existing())
        guard try vault.isSet() else {
            throw NodeError(
                .badInput, "this node has no passphrase, so it cannot be locked",
                advice: "set one with `simpul passphrase set`")
        }
        try vault.lock()
        Output.note(language.say("Terkunci.", "Locked."))
    }
}

struct RecoverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover", abstract: "Make a new passphrase with a code from the hub. / Lupa kata sandi.",
        discussion: """
            Call the hub. Its operator makes sure who calls, writes down why, and reads out a code of seven groups. It
            works once, for this laptop only. Nothing that was recorded is lost.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Option(help: "Read the code from this file instead of asking.")
    var codeFile: String?

    @Option(help: "Read the new passphrase from this file instead of asking.")
    var passphraseFile: String?

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let prompt = SecretPrompt(language: language)
        let code = try RecoveryCode(try prompt.read("Kode dari hub: ", "Code from the hub: ", file: codeFile))
        let next = try node.recover(code, try prompt.new(file: passphraseFile))
        Output.note(
            language.say(
                "Kata sandi simpul dibuat baru. Sinkronkan supaya hub menerima kunci pemulihan yang baru.",
                "The passphrase is made anew. Sync, so that the hub gets the new recovery key."))
        PaperCode(language: language).tell(next)
    }
}
