import Foundation
import Store
import Sync
import Synchronization
import TestKit
import Testing

/// Keys of persons in their file: one name, one secret, and never again once erased.
@Suite struct PersonKeyStoreTests {
    private let folder: TestFolder
    private let store: PersonKeyStore
    private let person = "5b0f7d6e-8a51-4c39-9f0e-2c1d3a4b5c60"
    private let village = "36.04.13.2007"

    init() throws {
        folder = try TestFolder("keys")
        store = try PersonKeyStore(path: folder.file("persons.db"))
    }

    private func secret(_ byte: UInt8) -> Data { Data(repeating: byte, count: 32) }

    private func order(_ holder: String, through: Int64 = .max, reference: String = "order-1") -> ErasureOrder {
        ErasureOrder(
            holder: holder, through: through, reference: reference, region: village, at: "2026-08-14T10:00:00Z")
    }

    @Test func `saving a name twice gives the secret that is kept`() throws {
        #expect(try store.save(key: "\(person)/1", region: village, secret: secret(1)) == secret(1))
        #expect(try store.save(key: "\(person)/1", region: village, secret: secret(2)) == secret(1))
        #expect(try store.secret("\(person)/1") == secret(1))
    }

    @Test func `threads and processes that make a person's first key at once all write with one key`() throws {
        // A connection of its own is what another process has.
        let stores = try (0..<4).map { _ in try PersonKeyStore(path: folder.file("persons.db")) }
        let found = Mutex<[Data]>([])
        let failures = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { index in
            do {
                let held = try stores[index % 4].newest(of: person, region: village, since: "") { newest in
                    newest == nil ? (KeyName(holder: person, number: Int64(index + 1)), secret(UInt8(index))) : nil
                }
                if let held { found.withLock { $0.append(held.secret) } }
            } catch {
                failures.withLock { $0.append("\(error)") }
            }
        }
        #expect(failures.withLock { $0 } == [])
        #expect(found.withLock { $0.count } == 16)
        #expect(Set(found.withLock { $0 }).count == 1)
        #expect(try store.all().count == 1)
        #expect(try store.newest(of: person)?.secret == found.withLock { $0.first })
    }

    @Test func `an order destroys a person's keys, and no later one is kept`() throws {
        for number in [1, 7] {
            _ = try store.save(key: "\(person)/\(number)", region: village, secret: secret(UInt8(number)))
        }
        try store.obey([order(person)])
        #expect(try store.all().isEmpty)
        #expect(try store.save(key: "\(person)/8", region: village, secret: secret(8)) == nil)
        #expect(
            try store.newest(of: person, region: village, since: "") { _ in
                (KeyName(holder: person, number: 900), secret(9))
            } == nil)
        #expect(try store.all().isEmpty)
        #expect(try store.obeyed().map(\.destroyed) == [2])
    }

    @Test func `an order up to a number leaves room for later keys of a household`() throws {
        _ = try store.save(key: "\(person)/5", region: village, secret: secret(5))
        try store.obey([order(person, through: 999_999)])
        #expect(try store.save(key: "\(person)/999999", region: village, secret: secret(6)) == nil)
        #expect(try store.save(key: "\(person)/1000001", region: village, secret: secret(7)) == secret(7))
    }

    @Test func `an order obeyed again with nothing left to destroy stays confirmed`() throws {
        try store.obey([order(person)])
        #expect(try store.noteConfirmed(["order-1"]))
        #expect(try store.noteConfirmed(["order-1"]) == false)
        try store.obey([order(person)])
        #expect(try store.obeyed().allSatisfy(\.isConfirmed))
    }

    @Test func `what was destroyed is in no file`() throws {
        let secret = Data((0..<32).map { UInt8($0 &* 7 &+ 3) })
        _ = try store.save(key: "\(person)/1", region: village, secret: secret)
        #expect(try FolderScan(folder.path).holds(secret))
        try store.obey([order(person)])
        #expect(try !FolderScan(folder.path).holds(secret))
    }

    @Test func `a file of the first version is taken over`() throws {
        let path = folder.file("old.db")
        try OldKeyFile.make(path, key: "\(person)/1", region: village, secret: secret(3))
        let old = try PersonKeyStore(path: path)
        #expect(try old.newest(of: person)?.secret == secret(3))
        #expect(try old.newest(of: person)?.since == "")
        #expect(try old.save(key: "\(person)/2", region: village, secret: secret(4), since: "2026-08-14") == secret(4))
    }
}
