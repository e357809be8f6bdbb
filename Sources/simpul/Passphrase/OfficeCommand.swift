import ArgumentParser
import Event
import Foundation
import Node

struct OfficeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "office",
        abstract: "Keys for which testimony is sealed: make one at the office, publish it at the centre.",
        discussion: """
                simpul office make satgas-banten --out satgas-banten-1.key --two-people     at the office
                simpul office publish satgas-banten --public-key … --region 36 --title …    at the centre
                simpul office list
                simpul office revoke satgas-banten --number 1 --reason …

            The secret key never leaves the office. Compare the fingerprint by telephone before you publish: whoever holds
            the key that is published reads everything sealed for it. Keep a copy of the key file in a safe, and old
            ones: what was sealed for a key opens with no other.
            """,
        subcommands: [
            OfficeMakeCommand.self, OfficePublishCommand.self, OfficeListCommand.self, OfficeRevokeCommand.self,
        ])
}

struct OfficeMakeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make", abstract: "Make an office's key pair, on a machine of the office. Needs no node.")

    @OptionGroup var language: LanguageOption

    @Argument(help: "Name of the office, e.g. satgas-banten.")
    var office: String

    @Option(help: "1 for the first key, one more for each next one.")
    var number: Int64 = 1

    @Option(help: "File for the secret key.")
    var out: String

    @Flag(help: "Two people, each with a passphrase of their own, must be there to open anything.")
    var twoPeople = false

    @Option(help: "Read a passphrase from this file instead of asking; give it twice for two people.")
    var passphraseFile: [String] = []

    func run() throws {
        let name = try OfficeKeyName(office: office, number: number)
        let people = twoPeople ? 2 : 1
        guard passphraseFile.isEmpty || passphraseFile.count == people else {
            throw ValidationError("Give --passphrase-file \(people) time(s).")
        }
        let prompt = SecretPrompt(language: language)
        let passphrases = try (0..<people).map { person in
            if people == 2 {
                Output.note(language.say("Orang ke-\(person + 1):", "Person \(person + 1):"))
            }
            return try prompt.new(file: passphraseFile.isEmpty ? nil : passphraseFile[person])
        }
        let file = try OfficeKeyFile(name, under: passphrases)
        try file.save(out)
        Output.note(
            language.say(
                "Kunci rahasia di \(out). Umumkan kunci ini lewat pusat; cocokkan sidik jarinya lewat telepon:",
                "The secret key is in \(out). Have the centre publish this key; compare the fingerprint by telephone:"))
        Output.note(OfficeKey.fingerprint(file.publicKey))
        Output.result(file.publicKey.base64EncodedString())
    }
}

struct OfficePublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "Publish an office's key to all villages of a region. At the centre.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "Name of the office.")
    var office: String

    @Option(help: "Number of the key.")
    var number: Int64 = 1

    @Option(help: "What `simpul office make` printed.")
    var publicKey: String

    @Option(help: "For whose villages: a region code; id is the whole country.")
    var region: String

    @Option(help: "The office's name, as villages read it.")
    var title: String

    @Flag(help: "Say that two people are needed to open.")
    var twoPeople = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        guard let key = Data(base64Encoded: publicKey) else {
            throw NodeError(.badInput, "--public-key is not base64", advice: "copy what `simpul office make` printed")
        }
        let name = try OfficeKeyName(office: office, number: number)
        try node.publish(
            name, publicKey: key, region: try RegionCode(region), title: title, needsTwo: twoPeople,
            by: author.author(node))
        Output.result("\(name)  \(OfficeKey.fingerprint(key))")
    }
}

struct OfficeListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The keys that were published, with their fingerprints.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        for key in try OfficeKeys(node: node).all {
            let state = key.isRevoked ? language.say("dicabut", "revoked") : language.say("berlaku", "valid")
            let people =
                key.needsTwo ? language.say("dua orang", "two people") : language.say("satu orang", "one person")
            Output.result("\(key.name)  \(key.region)  \(state)  \(people)  \(key.fingerprint)  \(key.title)")
        }
    }
}

struct OfficeRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a key: nothing more is sealed for it. At the centre.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var author: AuthorOption

    @Argument(help: "Name of the office.")
    var office: String

    @Option(help: "Number of the key.")
    var number: Int64

    @Option(help: "Why. No names of people.")
    var reason: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let name = try OfficeKeyName(office: office, number: number)
        try node.revokeOfficeKey(name, reason: reason, by: author.author(node))
        Output.result(language.say("\(name) dicabut.", "\(name) is revoked."))
    }
}
