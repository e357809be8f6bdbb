import Crypto
import Event
import Foundation
import TestKit
import Testing

@testable import Node

/// Contents and requests as the published vectors say (`protocol/11-attachments.md`).
@Suite struct `Attachment vectors` {
    private struct File: Decodable {
        struct Case: Decodable {
            let name: String
            let valid: Bool
            let kind: String
            let sealed: String?
            let length: Int?
            let contentDigest: String?
            let edit: String?
            let sha256: String
            let method: String?
            let range: String?
            let body: String?
            let message: String?

            private enum CodingKeys: String, CodingKey {
                case name, valid, kind, sealed, length, edit, sha256, method, range, body, message
                case contentDigest = "content_sha256"
            }
        }

        let key: String
        let server: String
        let node: String
        let epoch: String
        let challenge: String
        let cases: [Case]
    }

    @Test func `come out as published`() throws {
        let file = try Repository.vectors("attachments", as: File.self)
        let key = SymmetricKey(data: try #require(Data(base64Encoded: file.key)))
        #expect(file.cases.count > 10)
        for one in file.cases {
            switch one.kind {
            case "content": try check(one, key)
            case "long": try checkLong(one, key)
            default: try check(one, file)
            }
        }
    }

    private func check(_ one: File.Case, _ key: SymmetricKey) throws {
        let sealed = try #require(one.sealed.flatMap { Data(base64Encoded: $0) })
        let content = BlobStore.name(of: sealed) == one.sha256 ? try? AttachmentCipher.open(sealed, key: key) : nil
        // A size that differs is refused where bytes are taken; there is no other here to compare with.
        guard one.name != "not of the size" else { return }
        #expect((content != nil) == one.valid, "\(one.name)")
        guard let content else { return }
        #expect(BlobStore.name(of: content) == one.contentDigest && content.count == one.length, "\(one.name)")
    }

    private func checkLong(_ one: File.Case, _ key: SymmetricKey) throws {
        let length = try #require(one.length)
        var content = Data()
        for number in 0...UInt32(length / 32) {
            content += Data(SHA256.hash(data: withUnsafeBytes(of: number.bigEndian) { Data($0) }))
        }
        content = content.prefix(length)
        var sealed = try AttachmentCipher.seal(content, key: key)
        let step = AttachmentCipher.pieceBytes + AttachmentCipher.tagBytes
        switch one.edit {
        case "drop-last": sealed = Data(sealed.prefix(step))
        case "exchange": sealed = Data(sealed.dropFirst(step) + sealed.prefix(step))
        default: break
        }
        #expect(BlobStore.name(of: sealed) == one.sha256, "\(one.name)")
        #expect((try? AttachmentCipher.open(sealed, key: key)) == (one.valid ? content : nil), "\(one.name)")
    }

    private func check(_ one: File.Case, _ file: File) throws {
        guard one.valid else { return }
        let message = AttachmentExchange.text(
            server: try NodeName(file.server), node: try NodeName(file.node), epoch: try Epoch(file.epoch),
            challenge: file.challenge, method: try #require(one.method), hash: one.sha256,
            range: try #require(one.range), body: Array(try #require(one.body.flatMap { Data(base64Encoded: $0) })))
        #expect(String(decoding: message, as: UTF8.self) == one.message, "\(one.name)")
    }
}
