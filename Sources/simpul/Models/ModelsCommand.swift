import ArgumentParser
import Event
import Foundation
import Node
import ReadModels

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Build another version of a read model beside the one in use, compare, switch. / Versi model baca.",
        discussion: """
            simpul models list
            simpul models build departure_counts --version 2 departure_counts.sql
            simpul models compare departure_counts --version 2
            simpul models switch departure_counts --version 2
            simpul models switch departure_counts --version 1      back again
            simpul models drop departure_counts --version 2

            Recording, syncing and answering go on meanwhile; a running `simpul serve` or `simpul app` does the work. A
            version beside the one in use is kept up like it, and answers under its full name: simpul query NAME__v2.
            """,
        subcommands: [
            ModelsListCommand.self, ModelsBuildCommand.self, ModelsCompareCommand.self, ModelsSwitchCommand.self,
            ModelsDropCommand.self,
        ], defaultSubcommand: ModelsListCommand.self)
}

/// Which version of which model.
struct ModelVersionOptions: ParsableArguments {
    @Argument(help: "The model.")
    var name: String

    @Option(help: "The version, as the heading of its file says.")
    var version: Int
}

struct ModelsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "The models with the version in use, and those beside it.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        let reader = try node.modelReader
        let beside = try reader.besideModels()
        for model in try reader.models() {
            Output.result("\(model.name.padded(28)) v\(model.version)  \(language.say("dipakai", "in use"))")
            for other in beside where other.name == model.name {
                Output.result("\("".padded(28)) v\(other.version)  \(state(other))")
            }
        }
    }

    private func state(_ info: BesideInfo) -> String {
        switch info.state {
        case .building:
            language.say("sedang dibangun, \(info.waiting) kunci lagi", "building, \(info.waiting) keys to go")
        case .ready: language.say("lengkap", "complete")
        case .failed: language.say("gagal: ", "failed: ") + (info.failure ?? "")
        }
    }
}

struct ModelsBuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Build a version beside the one in use, and wait until it is complete.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var wanted: ModelVersionOptions

    @Argument(help: "Its file (.sql).")
    var file: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        try node.wantModel(file: file, name: wanted.name, version: wanted.version)
        var told: Int64 = -1
        let done: BesideInfo = try ModelWait(node: node).until { beside, _ in
            guard let info = beside.first(where: { $0.name == wanted.name && $0.version == wanted.version }) else {
                return nil
            }
            if info.state == .building, info.waiting != told {
                told = info.waiting
                Output.note(language.say("\(told) kunci lagi", "\(told) keys to go"))
            }
            return info.state == .building ? nil : info
        }
        guard done.state == .ready else {
            throw NodeError(
                .badInput, "version \(done.version) of \(done.name) failed: \(done.failure ?? "")",
                advice: "correct the file and build it again; the one in use goes on")
        }
        Output.result(
            language.say(
                "\(done.name) v\(done.version) lengkap. Bandingkan, lalu ganti: simpul models compare, simpul models switch.",
                "\(done.name) v\(done.version) is complete. Next: simpul models compare, then simpul models switch."))
    }
}

struct ModelsSwitchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Put a complete version in the place of the one in use, with all that reads it. Works back as well.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var wanted: ModelVersionOptions

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        try node.switchModel(wanted.name, to: wanted.version)
        _ = try ModelWait(node: node).until { _, inUse in
            inUse.first { $0.name == wanted.name && $0.version == wanted.version }
        }
        Output.result(
            language.say("\(wanted.name) sekarang v\(wanted.version).", "\(wanted.name) is v\(wanted.version) now."))
    }
}

struct ModelsDropCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Give up a version beside the one in use.")

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption
    @OptionGroup var wanted: ModelVersionOptions

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.project()
        try node.dropModel(wanted.name, version: wanted.version)
        try node.project()
        Output.result(
            language.say("\(wanted.name) v\(wanted.version) dibuang.", "\(wanted.name) v\(wanted.version) is dropped."))
    }
}
