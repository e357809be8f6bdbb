import ArgumentParser
import Event
import Foundation
import Node
import Store
import Sync

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Whose data this node can read: the keys of persons, who else holds them, since when.",
        discussion: """
            simpul keys list
            simpul keys show 5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60
            simpul keys rotate 5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60

            No command prints a key, or a name. Keys travel by themselves to the nodes of the person's village and its
            hub, with each sync; never above the hub.
            """,
        subcommands: [KeysListCommand.self, KeysShowCommand.self, KeysRotateCommand.self, KeysMoveCommand.self],
        defaultSubcommand: KeysListCommand.self)
}

struct KeysListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Every person, household or case with a key, one a line.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "One JSON object a key.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let words = KeyWords(language: language)
        let entries = try node.keyring.inventory()
        if json {
            for entry in entries { Output.result(words.document(entry)) }
            return
        }
        for entry in entries where entry.isNewest {
            let versions = entries.count { $0.name.holder == entry.name.holder }
            Output.result(words.line(entry, versions: versions))
        }
        if entries.isEmpty {
            Output.note(language.say("Tidak ada kunci di simpul ini.", "This node knows of no key."))
        }
    }
}

struct KeysShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "The keys of one person, household or case: versions, nodes, since when.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "UUID of the person, household or case.")
    var holder: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let words = KeyWords(language: language)
        let entries = try node.keyring.inventory(of: holder)
        for entry in entries {
            Output.result(words.line(entry, versions: nil))
            for reader in entry.readers { Output.result("    " + words.reader(reader)) }
        }
        for order in try node.store.erasureOrders() where order.holder == holder {
            Output.result(
                language.say(
                    "dihapus \(order.at) atas perintah \(order.reference)",
                    "erased \(order.at) by order \(order.reference)"))
            return
        }
        guard entries.isEmpty else { return }
        throw NodeError(
            .badInput, "no key of \(holder) is known here",
            advice: "`simpul keys list` shows those that are; keys come with a sync")
    }
}

struct KeysRotateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Replace a key: new records are written under a new one, old ones stay readable by the old.",
        discussion: """
            After a laptop was lost: revoke it first (`simpul nodes revoke`), so that the new key is not wrapped for it,
            then rotate. What the laptop could read it still can; what is written from now on it cannot.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "UUIDs of persons, households or cases.")
    var holders: [String] = []

    @Flag(help: "Every key that this node holds.")
    var all = false

    func validate() throws {
        guard all != !holders.isEmpty else { throw ValidationError("Give UUIDs, or --all.") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let held = try node.keyring.inventory().filter { $0.isNewest && $0.isHeld }.map(\.name.holder)
        for holder in all ? held : holders {
            Output.result(try node.keyring.rotate(holder).description)
        }
    }
}

struct KeysMoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "move",
        abstract: "Record that a person moved to another village; dossier and keys follow. / Orang pindah desa.",
        discussion: """
            In the village that the person left, or at its hub; without a line too. It records `person.moved`, and the rest
            follows by itself with the syncs: the new village's nodes get the lines about the person and all keys, and a
            new key for what is written from then on. The new village may be under another hub.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Argument(help: "UUID of the person.")
    var person: String

    @Option(name: .customLong("to"), help: "Code of the village.")
    var village: String

    @Option(help: ArgumentHelp("Day of the move. Default: today.", valueName: "yyyy-mm-dd"))
    var on: String?

    @OptionGroup var author: AuthorOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let author = author.author(node)
        let line = try node.recordMove(
            of: person, to: try RegionCode(village), on: on, actor: author.actor, role: author.role)
        Output.result(line.reference.description)
        try node.handOver()
    }
}

/// Tells of keys, never of their secrets.
struct KeyWords {
    let language: LanguageOption

    func line(_ entry: KeyEntry, versions: Int?) -> String {
        let here = entry.isHeld ? language.say("ada di sini", "held here") : language.say("bukan di sini", "not here")
        let since = entry.heldSince.flatMap { $0.isEmpty ? nil : String($0.prefix(10)) } ?? "-"
        let count = versions.map { language.say("\($0) versi", "\($0) version(s)") } ?? ""
        let readers = Set(entry.readers.filter { !$0.isRevoked }.map(\.node.description)).sorted()
        return [
            entry.name.description.padded(46), entry.region.padded(14), here.padded(13), since.padded(10),
            count, readers.joined(separator: " "),
        ].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    func reader(_ reader: KeyEntry.Reader) -> String {
        let state = reader.isRevoked ? language.say("  dicabut", "  revoked") : ""
        return "\(reader.node)/\(reader.epoch)\(state)"
    }

    func document(_ entry: KeyEntry) -> JSON {
        .object([
            JSONMember("key", .string(entry.name.description)), JSONMember("region", .string(entry.region)),
            JSONMember("held_since", entry.heldSince.map { .string($0) } ?? .null),
            JSONMember("newest", .bool(entry.isNewest)),
            JSONMember(
                "wrapped_for",
                .array(
                    entry.readers.map {
                        .object([
                            JSONMember("node", .string($0.node.description)),
                            JSONMember("epoch", .string($0.epoch.description)),
                            JSONMember("revoked", .bool($0.isRevoked)),
                        ])
                    })),
        ])
    }
}
