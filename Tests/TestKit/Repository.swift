import Foundation

/// Where the sources are, for tests that read the published vectors or run what was built.
public enum Repository {
    public static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    public static func vectors<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let data = try Data(contentsOf: root.appending(path: "protocol/vectors/\(name).json"))
        return try JSONDecoder().decode(type, from: data)
    }
}
