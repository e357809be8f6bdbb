import ArgumentParser
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

    func open() throws -> Node { try Node(folder: nodeFolder, logger: Logger(label: "simpul"), now: Wall.now) }
}

/// The wall clock. `SIMPUL_NOW` (RFC 3339) starts it on another day, so that the demo can play weeks in a minute.
enum Wall {
    static let now: @Sendable () -> Date = {
        guard let text = ProcessInfo.processInfo.environment["SIMPUL_NOW"],
            let start = ISO8601DateFormatter().date(from: text)
        else { return { Date() } }
        let offset = start.timeIntervalSinceNow
        return { Date(timeIntervalSinceNow: offset) }
    }()
}
