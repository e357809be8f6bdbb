import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import Store

struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Who may open the pages and ask queries: organizers with a PIN, officers with a password.",
        subcommands: [
            AccountAddCommand.self, AccountListCommand.self, AccountPasswordCommand.self, AccountSignOutCommand.self,
            AccountDisableCommand.self, AccountEnableCommand.self, AccountRemoveCommand.self,
        ])
}

extension Node {
    /// The accounts of this node: PINs on a village's laptop, passwords on a server.
    var accounts: Accounts {
        Accounts(
            folder: folder, region: own.region, rule: own.role == .village ? .pin : .password, now: now,
            logger: logger)
    }
}

struct AccountAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a person.",
        discussion: """
            simpul account add dewi --role hub_officer
            simpul account add arif --role analyst --region 36
            """)

    @OptionGroup var folder: FolderOption

    @Argument(help: "Name, as colleagues call them.")
    var name: String

    @Option(
        help: "A code of the list ROLE, e.g. community_organizer, hub_officer, caseworker, analyst, central_officer.")
    var role: String

    @Option(help: "What they may see: this region and all in it. Default: the node's.")
    var region: String?

    @Flag(
        name: .customLong("official"), help: "Is also a village official: sees no recruiters and no cases about them.")
    var isVillageOfficial = false

    @Option(help: "Pseudonym in the lines they record. Default: one is made.")
    var actor: String?

    @OptionGroup var secret: SecretOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let roles = node.catalogue.codeLists["ROLE"]?.entries.map(\.code) ?? []
        guard roles.isEmpty || roles.contains(role) else {
            throw NodeError(
                .badInput, "the role \(role) is not known", advice: "write one of \(roles.joined(separator: ", "))")
        }
        let account = try node.accounts.add(
            name: name, secret: try secret.read(), role: role, region: try region.map { try RegionCode($0) },
            actor: actor, isVillageOfficial: isVillageOfficial)
        Output.result("\(account.name): \(account.role), \(account.region), recorded as \(account.actor)")
    }
}

struct AccountListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Who has an account.")

    @OptionGroup var folder: FolderOption

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        for account in try node.accounts.list() {
            Output.result(
                "\(account.name)  \(account.role)  \(account.region)  \(account.actor)\(account.isDisabled ? "  off" : "")"
            )
        }
    }
}
