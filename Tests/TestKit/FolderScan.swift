import Foundation

/// Looks for bytes in every file below a folder, as a thief with the disk would.
public struct FolderScan {
    public let files: [String]

    public init(_ path: String) throws {
        let all = try FileManager.default.subpathsOfDirectory(atPath: path).map { path + "/" + $0 }
        files = all.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: name, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    public func holds(_ bytes: Data) throws -> Bool { try !filesHolding(bytes).isEmpty }

    public func holds(_ text: String) throws -> Bool { try holds(Data(text.utf8)) }

    public func filesHolding(_ bytes: Data) throws -> [String] {
        try files.filter { try Data(contentsOf: URL(filePath: $0)).range(of: bytes) != nil }
    }
}
