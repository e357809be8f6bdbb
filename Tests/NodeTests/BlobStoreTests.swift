import Foundation
import TestKit
import Testing

@testable import Node

/// Contents on the disk, after a crash at the worst moment.
@Suite struct BlobStoreTests {
    private let folder: TestFolder
    private let blobs: BlobStore
    private let content = Data((0..<5_000).map { UInt8(truncatingIfNeeded: $0) })

    init() throws {
        folder = try TestFolder("blobs")
        blobs = BlobStore(folder: folder.path + "/blobs", reserve: 0)
    }

    /// All bytes came, and the program died before it looked at them.
    private func unfinished(_ bytes: Data, as hash: String) throws {
        let place = folder.path + "/blobs/" + hash.prefix(2)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try bytes.write(to: URL(fileURLWithPath: "\(place)/\(hash).part"))
    }

    @Test func `what came whole before a crash is whole afterwards, before anybody is told so`() throws {
        let hash = BlobStore.name(of: content)
        try unfinished(content, as: hash)
        #expect(!blobs.isWhole(hash))
        #expect(try blobs.settledHeld(hash, size: Int64(content.count)) == Int64(content.count))
        #expect(blobs.isWhole(hash))
        #expect(try blobs.read(hash) == content)
    }

    @Test func `what came whole and is something else is not kept, and asked for again`() throws {
        let hash = BlobStore.name(of: content)
        try unfinished(Data(content.reversed()), as: hash)
        #expect(throws: BlobStore.Refusal.differs) { try blobs.settledHeld(hash, size: Int64(content.count)) }
        #expect(blobs.held(hash) == 0)
        #expect(try blobs.append(content, to: hash, size: Int64(content.count), at: 0) == Int64(content.count))
    }
}
