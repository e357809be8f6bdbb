import Crypto
import Event
import Foundation
import TransparencyLog

/// The last record of a bundle: how many frames stand before it, the digest over their contents, and the maker's
/// signature (`protocol/09-bundles.md`).
///
/// Digests are over decoded content: a zstd frame can differ in a byte and decode to the same.
struct BundleSeal {
    let frames: Int64
    let digest: [UInt8]
    let signature: [UInt8]

    /// What the maker's key signs.
    static func text(node: NodeName, epoch: Epoch, frames: Int64, digest: [UInt8]) -> [UInt8] {
        Array("simpul-bundle/v1\n\(node)/\(epoch)\n\(frames)\n\(Base64.encode(digest))".utf8)
    }

    var json: JSON {
        .object([
            JSONMember("seal", .int(1)),
            JSONMember("frames", .int(frames)),
            JSONMember("digest", .string(Base64.encode(digest))),
            JSONMember("signature", .string(Base64.encode(signature))),
        ])
    }
}

extension BundleSeal {
    init(json: JSON) throws(FrameError) {
        guard json["seal"]?.intValue == 1, let frames = json["frames"]?.intValue,
            let digest = json["digest"]?.stringValue.flatMap(Base64.decode), digest.count == 32,
            let signature = json["signature"]?.stringValue.flatMap(Base64.decode), signature.count == 64
        else { throw FrameError(.malformed, "the bundle's seal lacks a member or has one of another form") }
        self.init(frames: frames, digest: digest, signature: signature)
    }
}

/// Digest of frames in their order: SHA-256 over the SHA-256 of each frame's content.
struct BundleDigest {
    private(set) var frames: Int64 = 0
    private var hash = SHA256()

    mutating func add(_ content: [UInt8]) {
        frames += 1
        SHA256.hash(data: content).withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    func finished() -> [UInt8] { Array(hash.finalize()) }
}
