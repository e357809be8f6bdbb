import ArgumentParser
import Event
import Foundation
import Logging
import Node

/// Which node a command is about.
struct FolderOption: ParsableArguments {
    @Option(
        name: [.customShort("f"), .long],
        help: "The node's folder. Default: SIMPUL_FOLDER, else ~/.simpul.")
    var folder: String?

    var path: String {
        if let folder { return folder }
        if let folder = ProcessInfo.processInfo.environment["SIMPUL_FOLDER"], !folder.isEmpty { return folder }
        return NSHomeDirectory() + "/.simpul"
    }

    var nodeFolder: NodeFolder { NodeFolder(path: path) }

    /// The folder, once it is sure that a node is in it.
    func existing() throws -> NodeFolder {
        _ = try NodeConfiguration.load(nodeFolder)
        return nodeFolder
    }

    func open() throws -> Node { try Node(folder: nodeFolder, logger: Logger(label: "simpul"), now: Wall.now) }
}

/// The wall clock. `SIMPUL_CLOCK` names a file with a moment (RFC 3339) that is taken instead, read each time, so
/// that the demo can play weeks in a minute.
enum Wall {
    static let now: @Sendable () -> Date = {
        guard let path = ProcessInfo.processInfo.environment["SIMPUL_CLOCK"], !path.isEmpty else { return { Date() } }
        return {
            let text = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
            let moment = text.flatMap { DateTime($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
            return moment.map { Date(timeIntervalSince1970: Double($0.milliseconds) / 1_000) } ?? Date()
        }
    }()
}
