import Event
import Foundation
import Synchronization
import TestKit
import Testing

@testable import Node

/// Who may open the pages: names, secrets and the pause after wrong ones.
@Suite struct AccountsTests {
    /// A clock that the test moves.
    private final class Clock: Sendable {
        private let moment = Mutex(Date(timeIntervalSince1970: 1_786_676_400))
        var now: @Sendable () -> Date { { [self] in moment.withLock { $0 } } }
        func pass(_ seconds: Double) { moment.withLock { $0 += seconds } }
    }

    private let folder: TestFolder
    private let clock = Clock()

    init() throws { folder = try TestFolder("accounts") }

    private func accounts(_ rule: SecretRule = .pin) throws -> Accounts {
        Accounts(
            folder: NodeFolder(path: folder.path), region: try RegionCode("36.04.13.2007"), rule: rule,
            cost: .init(rounds: 16, blockSize: 1, parallelism: 1), now: clock.now)
    }

    @Test func `an account added by one program is known to another`() throws {
        try accounts().add(name: "Junali", secret: "2846", role: "community_organizer")
        let verdict = try accounts().verify(name: "junali ", secret: "2846")
        guard case .welcome(let account) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(account.name == "Junali")
        #expect(account.actor.hasPrefix("co-"))
        #expect(!account.actor.contains("Junali"))
        #expect(account.region == "36.04.13.2007")
    }

    @Test func `the file is for its user alone and holds no secret`() throws {
        try accounts().add(name: "Junali", secret: "284617", role: "community_organizer")
        let path = NodeFolder(path: folder.path).accounts
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(!text.contains("284617"))
    }

    @Test func `the same PIN is kept differently for two people`() throws {
        let accounts = try accounts()
        let first = try accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        let second = try accounts.add(name: "Siti", secret: "2846", role: "community_organizer")
        #expect(first.secret.hash != second.secret.hash)
        #expect(first.actor != second.actor)
    }

    @Test func `a name is given once, whatever its case`() throws {
        let accounts = try accounts()
        try accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        #expect(throws: NodeError.self) {
            try accounts.add(name: "JUNALI", secret: "9052", role: "community_organizer")
        }
    }

    @Test func `nobody gets a region that this node does not have`() throws {
        let accounts = try accounts()
        #expect(throws: NodeError.self) {
            try accounts.add(
                name: "Junali", secret: "2846", role: "community_organizer", region: RegionCode("36.04.13.2008"))
        }
    }

    @Test func `wrong secrets make the pause grow, also for the right one, and a right one ends it`() throws {
        let accounts = try accounts()
        try accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        for _ in 0..<3 { #expect(try accounts.verify(name: "Junali", secret: "0000") == .wrong) }
        #expect(try accounts.verify(name: "Junali", secret: "2846") == .wait(seconds: 5))
        clock.pass(5)
        #expect(try accounts.verify(name: "Junali", secret: "0000") == .wrong)
        #expect(try accounts.verify(name: "Junali", secret: "0000") == .wait(seconds: 10))
        clock.pass(10)
        guard case .welcome = try accounts.verify(name: "Junali", secret: "2846") else {
            Issue.record("the right PIN after the pause")
            return
        }
        #expect(try accounts.verify(name: "Junali", secret: "0000") == .wrong)
    }

    @Test func `the pause stands after a restart`() throws {
        try accounts().add(name: "Junali", secret: "2846", role: "community_organizer")
        for _ in 0..<4 { _ = try accounts().verify(name: "Junali", secret: "0000") }
        #expect(try accounts().verify(name: "Junali", secret: "2846") == .wait(seconds: 5))
    }

    @Test(arguments: [(0, nil), (2, nil), (3, 5), (4, 10), (10, 640), (11, 900), (1_000, 900)])
    func `pauses double up to a quarter of an hour`(_ failures: Int, _ seconds: Double?) {
        #expect(Accounts.pause(after: failures) == seconds)
    }

    @Test func `an unknown name is as wrong as a wrong secret`() throws {
        #expect(try accounts().verify(name: "Nobody", secret: "2846") == .wrong)
    }

    @Test(arguments: ["123", "1234", "9876", "0000", "12345678", "28a6", "284617392"])
    func `PINs that are short, long or obvious are not taken`(_ pin: String) {
        #expect(SecretRule.pin.problem(with: pin) != nil)
    }

    @Test(arguments: ["2846", "1948", "90521347"])
    func `PINs of four to eight digits are taken`(_ pin: String) {
        #expect(SecretRule.pin.problem(with: pin) == nil)
    }

    @Test func `a server wants a password of some length`() throws {
        #expect(SecretRule.password.problem(with: "pendek") != nil)
        #expect(SecretRule.password.problem(with: "kata sandi panjang") == nil)
    }

    @Test func `a damaged file is named, not overwritten`() throws {
        let path = NodeFolder(path: folder.path).accounts
        try Data("{".utf8).write(to: URL(filePath: path))
        #expect(throws: NodeError.self) { try accounts().list() }
        #expect(throws: NodeError.self) { try accounts().add(name: "Junali", secret: "2846", role: "penggerak") }
        #expect(try Data(contentsOf: URL(filePath: path)) == Data("{".utf8))
    }
}
