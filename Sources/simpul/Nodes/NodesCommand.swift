import ArgumentParser

struct NodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "The nodes of this region: list them, revoke a lost one, see what it reveals, recover a passphrase.",
        discussion: """
            simpul nodes list
            simpul nodes keys
            simpul nodes revoke lontar-a --reason lost
            simpul nodes exposure lontar-a
            simpul nodes recover lontar-a --reason "forgot; called back"
            """,
        subcommands: [
            NodesListCommand.self, NodesKeysCommand.self, NodesRevokeCommand.self, NodesExposureCommand.self,
            NodesRecoverCommand.self,
        ],
        defaultSubcommand: NodesListCommand.self)
}
