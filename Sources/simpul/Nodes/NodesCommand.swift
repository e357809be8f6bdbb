import ArgumentParser

struct NodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "List the nodes of this region, end one's right to sync, or help one whose passphrase is forgotten.",
        discussion: """
            simpul nodes list
            simpul nodes keys
            simpul nodes revoke lontar-a --reason lost
            simpul nodes recover lontar-a --reason "forgot; called back"
            """,
        subcommands: [NodesListCommand.self, NodesKeysCommand.self, NodesRevokeCommand.self, NodesRecoverCommand.self],
        defaultSubcommand: NodesListCommand.self)
}
