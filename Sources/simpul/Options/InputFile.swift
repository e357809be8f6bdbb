import Foundation
import Node

/// Reads a file named on the command line, `-` being the standard input.
enum InputFile {
    /// - Throws: `NodeError` naming the file.
    static func bytes(_ path: String) throws -> [UInt8] {
        if path == "-" { return [UInt8](try FileHandle.standardInput.readToEnd() ?? Data()) }
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw NodeError(.missing, "\(path) \(reason(path))", advice: "check its name and permissions")
        }
        return [UInt8](bytes)
    }

    private static func reason(_ path: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { return "is not there" }
        return isFolder.boolValue ? "is a folder" : "cannot be read"
    }
}
