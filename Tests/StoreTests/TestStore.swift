import Crypto
import Event
import Foundation
import GRDB
import Store
import Sync
import TestKit
import TransparencyLog

/// A store in a folder of its own, of a hub that trusts the authors it is told of.
final class TestStore {
    let folder: TestFolder
    let signer: Signer
    let own: Enrolment
    private(set) var store: LogStore

    init(_ node: String = "hub-serang", region: String = "36.04", folder: TestFolder? = nil) throws {
        let key = Curve25519.Signing.PrivateKey()
        signer = Signer(node: try NodeName(node), epoch: .random(), key: key)
        own = Enrolment(
            node: signer.node, epoch: signer.epoch, region: try RegionCode(region), edition: "2025-2430", role: .hub,
            sign: key.publicKey.rawRepresentation,
            wrap: Curve25519.KeyAgreement.PrivateKey().publicKey.rawRepresentation)
        self.folder = try folder ?? TestFolder("store")
        store = try LogStore(folder: self.folder.path, signer: signer)
        try store.trust(own)
    }

    var region: RegionCode { own.region }

    func reopen(closing: Bool = true) throws {
        if closing { try store.close() }
        store = try LogStore(folder: folder.path, signer: signer)
    }

    @discardableResult
    func commit(_ frame: LinesFrame, scope: String = "36.04.13.2007") throws -> Committed {
        try store.commit(frame, scope: try RegionCode(scope), stating: true)
    }

    /// The code with which a frame is refused, or nil where it is taken.
    func refusal(_ frame: LinesFrame, scope: String = "36.04.13.2007") throws -> RefusalCode? {
        do {
            try commit(frame, scope: scope)
            return nil
        } catch let error as FrameError {
            return error.code
        }
    }

    @discardableResult
    func append(_ texts: [String], wall: Int64 = 1_786_700_000_000, lane: String = "main") throws -> [AppendedLine] {
        let log = signer.log(.region(region), lane: try Lane(lane))
        return try store.append(wall: wall, texts.map { text in (log: log, make: { _ in Array(text.utf8) }) })
    }

    func row(_ log: LogName) throws -> TableRow? { try store.row(log, atCounter: .max) }

    /// Statements on the file itself, beside the store.
    func sql<T>(_ body: (Database) throws -> T) throws -> T {
        try DatabaseQueue(path: folder.file("log.db")).write(body)
    }
}
