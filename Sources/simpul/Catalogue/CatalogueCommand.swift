import ArgumentParser

struct CatalogueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalogue",
        abstract: "The event types, code lists, rules and models of this node. / Jenis catatan dan kamus kodenya.",
        discussion: """
                simpul catalogue list                          every type
                simpul catalogue show visit.recorded           its fields and codes
                simpul catalogue show visit.recorded --example a record's data to start from
                simpul catalogue show VISIT_PURPOSE            the codes of a list
                simpul catalogue check my.type.json my.sql     whether files fit, changing nothing
                simpul catalogue install my.type.json my.sql   put them into this node

            The program knows no type by name: what is installed is asked in forms, checked, synced, counted and
            exported like what it brings. Install the same files on every node that should understand them.
            """,
        subcommands: [
            CatalogueListCommand.self, CatalogueShowCommand.self, CatalogueCheckCommand.self,
            CatalogueInstallCommand.self,
        ])
}
