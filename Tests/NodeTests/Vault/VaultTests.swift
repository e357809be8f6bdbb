import Crypto
import Foundation
import Store
import Synchronization
import TestKit
import Testing

@testable import Node

/// Secrets at rest: what the passphrase opens, and what stands on the disk.
@Suite struct VaultTests {
    private static let cheap = Passphrase.Cost(rounds: 16, blockSize: 1, parallelism: 1)
    private static let words = Passphrase("ladang padi di pagi hari")
    private static let other = Passphrase("perahu biru tanpa layar")
    private static let name = "lontar-a/c2056f288da571c7"

    /// A node's folder with secrets in plain, and memory of its own.
    private final class Place: Sendable {
        let test: TestFolder
        let folder: NodeFolder
        let memory: String
        let keys: [String: Data]
        let wrap: Data

        init(persons: Int = 40) throws {
            test = try TestFolder("vault")
            folder = NodeFolder(path: test.path + "/node")
            memory = "/dev/shm/simpul-test-\(UUID().uuidString.prefix(8))"
            try folder.create()
            let fresh = NodeKeys()
            try fresh.save(folder)
            wrap = try fresh.wrap(PlainKeeper()).rawRepresentation
            let store = try PersonKeyStore(path: folder.personKeys)
            var keys: [String: Data] = [:]
            for number in 0..<persons {
                let key = "\(UUID().uuidString.lowercased())/\(number + 1)"
                keys[key] = Random.bytes(32)
                try store.save(key: key, region: "36.04.13.2007", secret: try #require(keys[key]))
            }
            try store.close()
            let importKey = try ImportSecret.load(folder, keeper: PlainKeeper())
            keys["import"] = importKey.withUnsafeBytes { Data($0) }
            self.keys = keys
        }

        deinit { try? FileManager.default.removeItem(atPath: memory) }

        /// As another process would open it.
        func vault() -> Vault { Vault(folder: folder, cost: VaultTests.cheap, memory: memory) }

        func store(_ vault: Vault) throws -> PersonKeyStore {
            try PersonKeyStore(path: folder.personKeys, keeper: vault)
        }

        /// Everything in the folder, whatever the file.
        func bytes() throws -> Data {
            let files = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
            return files.reduce(into: Data()) { all, file in
                all.append(FileManager.default.contents(atPath: folder.path + "/" + file) ?? Data())
            }
        }

        /// Which secrets stand readable in the folder, raw or in base64.
        func readable() throws -> [String] {
            let all = try bytes()
            return (keys.map { ($0.key, $0.value) } + [("wrap", wrap)]).filter { _, secret in
                let text = secret.base64EncodedString()
                return [secret, Data(text.utf8), Data(text.replacingOccurrences(of: "/", with: "\\/").utf8)].contains {
                    all.range(of: $0) != nil
                }
            }.map(\.0)
        }
    }

    @discardableResult
    private func set(
        _ vault: Vault, _ new: Passphrase = VaultTests.words, replacing old: Passphrase? = nil, idle: Int? = nil
    ) throws -> RecoveryCode? {
        try vault.set(new, replacing: old, node: Self.name, recovery: .paper, idle: idle)
    }

    @Test func `no key stands readable in the folder once a passphrase is set`() throws {
        let place = try Place()
        #expect(try place.readable().count == place.keys.count + 1)
        try set(place.vault())
        #expect(try place.readable() == [])
        for (key, secret) in place.keys where key != "import" {
            #expect(try place.store(place.vault()).secret(key) == secret)
        }
        #expect(try NodeKeys(place.folder).wrap(place.vault()).rawRepresentation == place.wrap)
    }

    @Test func `of two changes at once one counts, and every secret opens under it`() throws {
        for _ in 0..<8 {
            let place = try Place(persons: 3)
            try set(place.vault())
            let words = ["ladang jagung di malam hari", "sungai lebar tanpa jembatan"].map { Passphrase($0) }
            let results = Mutex<[Bool]>([false, false])
            DispatchQueue.concurrentPerform(iterations: 2) { index in
                let isSet = (try? set(place.vault(), words[index], replacing: Self.words)) != nil
                results.withLock { $0[index] = isSet }
            }
            let won = results.withLock { won in won.indices.filter { won[$0] } }
            #expect(won.count == 1, "\(won)")
            try place.vault().lock()
            let vault = place.vault()
            try vault.unlock(words[try #require(won.first)], idle: nil)
            for (key, secret) in place.keys where key != "import" {
                #expect(try place.store(vault).secret(key) == secret)
            }
        }
    }

    @Test func `the bytes that a file had are overwritten, not only unlinked`() throws {
        let place = try Place()
        let old = try #require(FileHandle(forReadingAtPath: place.folder.nodeKey))
        try set(place.vault())
        let before = try #require(try old.readToEnd())
        #expect(!before.isEmpty && before.allSatisfy { $0 == 0 })
    }

    @Test func `a locked node opens nothing, and another process locks it for all`() throws {
        let place = try Place()
        let (app, command) = (place.vault(), place.vault())
        try set(app)
        let key = try #require(place.keys.keys.first { $0 != "import" })
        let store = try place.store(app)
        #expect(try store.secret(key) == place.keys[key])
        try command.lock()
        #expect(try app.state() == .locked)
        #expect(throws: NodeError.self) { try store.secret(key) }
        #expect(throws: NodeError.self) { try store.save(key: "p/1", region: "36", secret: Random.bytes(32)) }
        try command.unlock(Self.words, idle: nil)
        #expect(try store.secret(key) == place.keys[key])
    }

    @Test func `nothing of the key is left in memory's file after locking`() throws {
        let place = try Place()
        let vault = place.vault()
        try set(vault)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.memory).count == 1)
        try vault.lock()
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.memory) == [])
    }

    @Test func `it locks by itself when nobody used it for as long as was said`() throws {
        let place = try Place()
        let vault = place.vault()
        try set(vault, idle: 900)
        func age(_ seconds: Int) throws {
            let file = try #require(try FileManager.default.contentsOfDirectory(atPath: place.memory).first)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSinceNow: -Double(seconds))],
                ofItemAtPath: place.memory + "/" + file)
        }
        try age(890)
        #expect(try vault.state() == .unlocked)
        try vault.touch()
        try age(0)
        #expect(try vault.state() == .unlocked)
        try age(901)
        #expect(try vault.state() == .locked)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.memory) == [])
    }

    @Test func `a wrong passphrase is refused, slower each time, and nothing is lost`() throws {
        let place = try Place()
        let clock = Mutex(Date(timeIntervalSince1970: 1_786_676_400))
        let now: @Sendable () -> Date = { clock.withLock { $0 } }
        let vault = place.vault()
        try set(vault)
        try vault.lock()
        func attempt(_ words: Passphrase) -> NodeError.Kind? {
            do {
                try vault.unlock(words, idle: nil, now: now)
                return nil
            } catch { return (error as? NodeError)?.kind }
        }
        #expect((0..<3).map { _ in attempt(Self.other) } == [.denied, .denied, .denied])
        #expect(attempt(Self.words) == .wait)
        clock.withLock { $0 += 5 }
        #expect(attempt(Self.other) == .denied)
        clock.withLock { $0 += 5 }
        #expect(attempt(Self.words) == .wait)
        clock.withLock { $0 += 5 }
        #expect(attempt(Self.words) == nil)
        #expect(try place.store(vault).all().count == place.keys.count - 1)
    }

    @Test func `an old key file with the old passphrase opens nothing after a change`() throws {
        let place = try Place()
        let vault = place.vault()
        try set(vault)
        let old = try Data(contentsOf: URL(fileURLWithPath: place.folder.vault))
        try set(vault, Self.other, replacing: Self.words)
        let key = try #require(place.keys.keys.first { $0 != "import" })
        #expect(try place.store(vault).secret(key) == place.keys[key])
        try vault.lock()
        #expect(throws: NodeError.self) { try vault.unlock(Self.words, idle: nil) }
        try old.write(to: URL(fileURLWithPath: place.folder.vault))
        let thief = place.vault()
        try thief.unlock(Self.words, idle: nil)
        #expect(throws: NodeError.self) { try place.store(thief).secret(key) }
        try thief.lock()
    }

    @Test(arguments: [false, true])
    func `a change that was interrupted is finished by the next unlock`(isFirst: Bool) throws {
        let place = try Place()
        let vault = place.vault()
        if !isFirst { try set(vault) }
        let former = try vault.file().flatMap { try vault.master($0) }.map { $0.withUnsafeBytes { Data($0) } }
        let before = try ["node-key.json", "persons.db", "import-key"].map {
            ($0, try Data(contentsOf: URL(fileURLWithPath: place.folder.secrets + "/" + $0)))
        }
        try set(vault, Self.other, replacing: isFirst ? nil : Self.words)
        // As if the machine had died right after the key file was replaced: its last write is not there yet either.
        var file = try #require(try VaultFile.load(place.folder))
        let master = try #require(try vault.master(file))
        for (name, data) in before { try data.write(to: URL(fileURLWithPath: place.folder.secrets + "/" + name)) }
        file.isUnfinished = true
        file.earlier = try former.map { try Boxed.seal($0, master, context: file.context("earlier")) }
        try file.save(place.folder)
        try vault.lock()
        try vault.unlock(Self.other, idle: nil)
        #expect(try VaultFile.load(place.folder)?.isUnfinished == false)
        #expect(try place.readable() == [])
        for (key, secret) in place.keys where key != "import" {
            #expect(try place.store(place.vault()).secret(key) == secret)
        }
        #expect(try NodeKeys(place.folder).wrap(vault).rawRepresentation == place.wrap)
    }

    @Test func `a recovery code opens once; after a new passphrase it opens nothing`() throws {
        let place = try Place()
        let vault = place.vault()
        let code = try #require(try set(vault))
        try vault.lock()
        let typed = try RecoveryCode(code.text.lowercased().replacingOccurrences(of: "-", with: " "))
        let next = try vault.recover(typed, Self.other, node: Self.name, recovery: .paper, idle: nil)
        #expect(next?.text != code.text)
        #expect(try place.store(vault).all().count == place.keys.count - 1)
        try vault.lock()
        #expect(throws: NodeError.self) {
            try vault.recover(code, Self.words, node: Self.name, recovery: .paper, idle: nil)
        }
        try vault.unlock(Self.other, idle: nil)
    }

    @Test func `a code with one wrong letter is told apart from a wrong code`() throws {
        let code = RecoveryCode()
        var letters = Array(code.text)
        letters[3] = letters[3] == "7" ? "8" : "7"
        #expect(throws: NodeError.self) { try RecoveryCode(String(letters)) }
        #expect(throws: NodeError.self) { try RecoveryCode(String(code.text.dropLast())) }
        #expect(try RecoveryCode(code.text).key == code.key)
    }

    @Test func `a key for the hub opens with the hub's key alone`() throws {
        let place = try Place()
        let hub = Curve25519.KeyAgreement.PrivateKey()
        let vault = place.vault()
        let none = try vault.set(
            Self.words, replacing: nil, node: Self.name,
            recovery: .hub("hub-serang/45a7c157a1beb977", wrap: hub.publicKey.rawRepresentation), idle: nil)
        #expect(none == nil)
        let file = try #require(try VaultFile.load(place.folder))
        let deposit = try #require(file.recovery?.deposit)
        let info = RecoveryDeposit.info(
            node: Self.name, vault: file.id, generation: file.generation, holder: deposit.holder)
        #expect(throws: (any Error).self) {
            try RecoveryDeposit.open(deposit.box, Curve25519.KeyAgreement.PrivateKey(), info: info)
        }
        let code = try RecoveryDeposit.open(deposit.box, hub, info: info)
        try vault.lock()
        _ = try vault.recover(code, Self.other, node: Self.name, recovery: .paper, idle: nil)
        #expect(try place.store(vault).all().count == place.keys.count - 1)
    }

    @Test func `whoever saves a key while the passphrase is being set loses none`() throws {
        let place = try Place(persons: 200)
        let saved = Mutex<[String: Data]>([:])
        let ready = DispatchSemaphore(value: 0)
        let stop = Mutex(false)
        let group = DispatchGroup()
        DispatchQueue.global().async(group: group) {
            do {
                let store = try place.store(place.vault())
                var number = 0
                while !stop.withLock({ $0 }) {
                    let (key, secret) = ("writer/\(number + 1)", Random.bytes(32))
                    try store.save(key: key, region: "36", secret: secret)
                    saved.withLock { $0[key] = secret }
                    number += 1
                    if number == 10 { ready.signal() }
                }
            } catch { Issue.record(error) }
        }
        ready.wait()
        let vault = place.vault()
        try set(vault)
        stop.withLock { $0 = true }
        group.wait()
        let store = try place.store(vault)
        let all = saved.withLock { $0 }
        for (key, secret) in all { #expect(try store.secret(key) == secret) }
        let bytes = try place.bytes()
        #expect(all.values.allSatisfy { bytes.range(of: $0) == nil })
    }

    @Test(arguments: ["pendek", "aaaaaaaaaaaaaaaa", ""])
    func `words that are too easy to guess are refused`(text: String) {
        #expect(throws: NodeError.self) { try Passphrase.new(text) }
    }

    @Test func `a folder on a disk is refused for the key in memory`() throws {
        let place = try Place()
        let vault = Vault(folder: place.folder, cost: Self.cheap, memory: place.test.path + "/memory")
        #expect(throws: NodeError.self) { try self.set(vault) }
        #expect(try place.vault().state() == .open)
    }
}
