import Event
import Foundation
import Node
import Server
import Store
import Sync
import Transport

/// A centre in a process of its own, behind TLS on loopback, and nodes that sync with it from this one.
final class ServedCentre {
    let program: Program
    private let folder: String
    private let certificate: String
    private let port: Int
    private let setting: Setting

    init(_ setting: Setting) throws {
        self.setting = setting
        folder = try setting.scratch.folder("centre")
        try NodeSetup.makeCentre(
            folder: NodeFolder(path: folder), node: try NodeName("pusat"), edition: "2025-2430",
            timeZone: "Asia/Jakarta")
        certificate = setting.scratch.path + "/certificate.pem"
        let key = setting.scratch.path + "/key.pem"
        try Program.output(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key,
                "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
            ])
        (program, port, _) = try Program.listening(
            setting, "serve", folder: folder, ["--certificate", certificate, "--private-key", key])
    }

    /// A new node below it, enrolled over the network.
    func join(_ name: String, region: String, role: Enrolment.Role) throws -> Node {
        let code = try Program.output(
            setting.program,
            [
                "invite", "--folder", folder, name, "--region", region, "--role", role.rawValue, "--url",
                "https://127.0.0.1:\(port)", "--certificate", certificate,
            ])
        let invitation = try InvitationCode(code.trimmingCharacters(in: .whitespacesAndNewlines))
        let nodeFolder = NodeFolder(path: try setting.scratch.folder(name))
        try FileManager.default.removeItem(atPath: nodeFolder.path)
        try NodeSetup.join(folder: nodeFolder, invitation: invitation, timeZone: "Asia/Jakarta")
        return try Node(folder: nodeFolder)
    }

    func sync(_ node: Node) async throws -> SyncRunner.Report {
        guard let settings = SyncRunner.settings(node.configuration) else {
            throw ProgramFailure(message: "\(node.own.node) has no parent")
        }
        return try await HTTPWorker(settings).run { client in try SyncRunner(node: node).run(client) }
    }

    /// Waits until the centre has been idle for a moment: its models are kept up, its statements made.
    func settle() throws {
        var before = program.processorSeconds
        while true {
            usleep(300_000)
            let now = program.processorSeconds
            guard now - before > 0.02 else { return }
            before = now
        }
    }
}
