import Foundation
import Node

/// Reads a file named on the command line, `-` being the standard input.
enum InputFile {
    /// - Throws: `NodeError` naming the file.
    static func bytes(_ path: String) throws -> [UInt8] {
        if path == "-" { return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) }
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw NodeError(
                .badInput, "\(path) cannot be read: \(error.localizedDescription)",
                advice: "check its name and permissions")
        }
    }
}
