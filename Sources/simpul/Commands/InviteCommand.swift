import ArgumentParser
import Event
import Node
import Server
import Store

struct InviteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Make a one-time invitation for a hub or village.",
        discussion: "Hand the code over in person or on paper: whoever has it may join as that node, once.")

    @OptionGroup var folder: FolderOption

    @Argument(help: "Name of the new node, e.g. lontar-a.")
    var node: String

    @Option(help: "Its region code, e.g. 36.04.13.2007.")
    var region: String

    @Option(help: "village or hub.")
    var role: String = "village"

    @Option(help: "Address at which it reaches this server, e.g. https://hub.example:8443.")
    var url: String

    @Option(
        help: "This server's certificate (PEM): its key is pinned in the invitation, so that no authority is needed.")
    var certificate: String?

    @Option(help: "Days for which the code is valid.")
    var days = 14

    func run() throws {
        guard let role = Enrolment.Role(rawValue: role), role != .centre else {
            throw NodeError(.badInput, "--role \(role)", advice: "write village or hub")
        }
        let opened = try folder.open()
        defer { try? opened.close() }
        let code = try opened.invite(
            node: try NodeName(node), region: try RegionCode(region), role: role, url: url,
            pin: try certificate.map { try CertificatePin.of(certificateFile: $0) }, validDays: days)
        print(code.text)
    }
}
