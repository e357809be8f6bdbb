import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The stylesheet, the script and the icons: read once, sent with a name that changes with their content.
struct StaticFiles: Sendable {
    private struct File: Sendable {
        let bytes: ByteBuffer
        let type: String
    }

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    private let files: [String: File]

    /// First digits of a digest of all files, in their addresses, so that a new version is fetched anew.
    static let version: String = (try? PageResources.bundled()).flatMap { try? digest(of: $0) } ?? "0"

    init() throws {
        let resources = try PageResources.bundled()
        files = try Self.names(resources).reduce(into: [:]) { files, name in
            let type = name.split(separator: ".").last.flatMap { Self.types[String($0)] }
            files[name] = File(
                bytes: ByteBuffer(bytes: try resources.data("static/\(name)")), type: type ?? "application/octet-stream"
            )
        }
    }

    func register<Context: RequestContext>(on router: Router<Context>) {
        router.get("/aset/{file}") { request, context in
            guard let file = context.parameters.get("file").flatMap({ files[$0] }) else {
                return Response(status: .notFound)
            }
            return Response(
                status: .ok,
                headers: [
                    .contentType: file.type, .cacheControl: "public, max-age=31536000, immutable",
                    .xContentTypeOptions: "nosniff",
                ], body: .init(byteBuffer: file.bytes))
        }
    }

    private static func names(_ resources: PageResources) throws -> [String] {
        try types.keys.sorted().flatMap { ending in
            try resources.names(in: "static", ending: ".\(ending)").map { "\($0).\(ending)" }
        }
    }

    private static func digest(of resources: PageResources) throws -> String {
        var hash = SHA256()
        for name in try names(resources) { hash.update(data: try resources.data("static/\(name)")) }
        return String(RandomToken.hex(hash.finalize()).prefix(12))
    }
}
