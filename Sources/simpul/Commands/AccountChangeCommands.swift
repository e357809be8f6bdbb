import ArgumentParser
import Node

struct AccountPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password", abstract: "Set another PIN or password for a person who forgot it.",
        discussion: "Everyone signed in with the old one is signed out. On the pages a person changes their own.")

    @OptionGroup var folder: FolderOption
    @Argument(help: "Name of the account.") var name: String
    @OptionGroup var secret: SecretOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let account = try node.accounts.setSecret(name: name, new: try secret.read())
        Output.result("\(account.name): changed")
    }
}

struct AccountSignOutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign-out", abstract: "End all sessions of a person, or with --all of everyone.")

    @OptionGroup var folder: FolderOption
    @Argument(help: "Name of the account.") var name: String?
    @Flag(help: "Everyone.") var all = false

    func validate() throws {
        guard all == (name == nil) else { throw ValidationError("Give a name, or --all.") }
    }

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let accounts = node.accounts
        for name in try name.map({ [$0] }) ?? accounts.list().map(\.name) {
            Output.result("\(try accounts.signOutEverywhere(name: name).name): signed out")
        }
    }
}

struct AccountDisableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable", abstract: "Switch an account off: its sessions end, nobody gets in with it.")

    @OptionGroup var folder: FolderOption
    @Argument(help: "Name of the account.") var name: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        Output.result("\(try node.accounts.setDisabled(true, name: name).name): off")
    }
}

struct AccountEnableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Switch an account on again, and end its pause after wrong tries.")

    @OptionGroup var folder: FolderOption
    @Argument(help: "Name of the account.") var name: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        Output.result("\(try node.accounts.setDisabled(false, name: name).name): on")
    }
}

struct AccountRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Take an account away. What the person recorded keeps its pseudonym.")

    @OptionGroup var folder: FolderOption
    @Argument(help: "Name of the account.") var name: String

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        try node.accounts.remove(name: name)
        Output.result("\(name): removed")
    }
}
