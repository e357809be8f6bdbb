import Event
import Foundation
import Store
import TestKit

/// The world in which each history begins: everybody enrolled, and in agreement. Made once.
struct Template {
    let copies: [DiskCopy]

    static let shared: Result<Template, any Error> = Result { try Template() }

    private init() throws {
        let folder = try TestFolder("template")
        var wall = World.start
        var machines: [Site: Machine] = [:]
        for site in Site.allCases {
            let path = folder.file(site.name)
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let machine = try Machine(site, label: site.name, keys: try KeyPool.keys(site.rawValue), folder: path)
            machines[site] = machine
            let parent = site.parent.flatMap { machines[$0] }
            let root = machines[.centre] ?? machine
            for enrolment in [try root.own, try (parent ?? root).own, try machine.own] {
                try machine.store.trust(enrolment)
            }
            wall += 1_000
            try Self.enrol(try machine.own, by: parent ?? machine, wall: wall) { _, _ in }
        }
        for _ in 0..<2 {
            for site in Site.allCases.reversed() {
                guard let child = machines[site], let parent = site.parent.flatMap({ machines[$0] }) else { continue }
                try Wire(child, parent).sync()
            }
        }
        // Closed and opened once more, so that all is in the one file.
        copies = try Site.allCases.compactMap { machines[$0] }.map { machine in
            try machine.restart()
            return try DiskCopy(of: machine)
        }
        for machine in machines.values { try machine.close() }
    }

    static func enrol(
        _ own: Enrolment, by machine: Machine, wall: Int64, tell: (AppendedLine, Machine) -> Void
    ) throws {
        let line = try machine.append(
            "node.enrolled", subject: own.node.description,
            data: own.json.setting("since", to: .string("2026-08-14")), wall: wall)
        tell(line, machine)
    }
}
