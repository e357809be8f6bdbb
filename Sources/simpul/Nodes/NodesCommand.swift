import ArgumentParser

struct NodesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "List the nodes of this region, or end one's right to sync.",
        discussion: """
            simpul nodes list
            simpul nodes revoke lontar-a --reason lost
            """,
        subcommands: [NodesListCommand.self, NodesRevokeCommand.self], defaultSubcommand: NodesListCommand.self)
}
