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

    @Test func `a name that nobody has makes wait like one that somebody has`() throws {
        try accounts().add(name: "Junali", secret: "2846", role: "community_organizer")
        func answers(_ name: String) throws -> [Accounts.Verdict] {
            try (0..<5).map { _ in try accounts().verify(name: name, secret: "0000") }
        }
        let known = try answers("Junali")
        #expect(known == [.wrong, .wrong, .wrong, .wait(seconds: 5), .wait(seconds: 5)])
        #expect(try answers("Nobody") == known)
    }

    @Test func `names that nobody has do not fill the disk`() throws {
        let accounts = try accounts()
        for number in 0..<300 { _ = try accounts.verify(name: "nobody-\(number)", secret: "0000") }
        #expect(try accounts.load().strangers?.count == Accounts.strangerCapacity)
    }

    @Test func `tries that come at once are counted one after the other`() async throws {
        let accounts = try accounts()
        try accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        let verdicts = try await withThrowingTaskGroup(of: Accounts.Verdict.self) { group in
            for _ in 0..<6 { group.addTask { try accounts.verify(name: "Junali", secret: "0000") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(verdicts.filter { $0 == .wrong }.count == 3)
    }

    @Test func `of two who want to be the first, one is`() async throws {
        let accounts = try accounts()
        let made = await withTaskGroup(of: Bool.self) { group in
            for name in ["Junali", "Siti", "Wati"] {
                group.addTask {
                    let made = try? accounts.add(name: name, secret: "2846", role: "penggerak", mustBeFirst: true)
                    return made != nil
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(made == 1)
        #expect(try accounts.list().count == 1)
    }

    @Test func `an account that was switched off is wrong, ends its logins, and comes back when switched on`() throws {
        let accounts = try accounts()
        let login = try accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        try accounts.setDisabled(true, name: "junali")
        #expect(try accounts.verify(name: "Junali", secret: "2846") == .wrong)
        #expect(try accounts.current(login) == nil)
        try accounts.setDisabled(false, name: "Junali")
        guard case .welcome = try accounts.verify(name: "Junali", secret: "2846") else {
            Issue.record("the right PIN after switching on")
            return
        }
        #expect(try accounts.current(login) == nil, "a login from before stays ended")
    }

    @Test func `a new secret takes the old one, ends its logins, and is the only one that is right`() throws {
        let accounts = try accounts()
        let login = try accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        #expect(try accounts.current(login) == login)
        #expect(try accounts.changeSecret(name: "Junali", current: "0000", new: "9052") == .wrong)
        #expect(throws: NodeError.self) { try accounts.changeSecret(name: "Junali", current: "2846", new: "1234") }
        guard case .welcome(let changed) = try accounts.changeSecret(name: "Junali", current: "2846", new: "9052")
        else {
            Issue.record("the right PIN")
            return
        }
        #expect(try accounts.current(login) == nil)
        #expect(try accounts.current(changed) == changed)
        #expect(try accounts.verify(name: "Junali", secret: "2846") == .wrong)
    }

    @Test
    func `a login ends when its account is signed out everywhere or taken away, and not by another's wrong tries`()
        throws
    {
        let accounts = try accounts()
        let login = try accounts.add(name: "Junali", secret: "2846", role: "community_organizer")
        for _ in 0..<4 { _ = try accounts.verify(name: "Junali", secret: "0000") }
        #expect(try accounts.current(login)?.actor == login.actor)
        let again = try accounts.signOutEverywhere(name: "Junali")
        #expect(try accounts.current(login) == nil)
        #expect(try accounts.current(again) == again)
        try accounts.remove(name: "Junali")
        #expect(try accounts.current(again) == nil)
        #expect(throws: NodeError.self) { try accounts.remove(name: "Junali") }
    }

    @Test(arguments: [
        "password1234", "P@ssw0rd2026!", "qwertyuiop12", "123456789012", "aaaaaaaaaaaa", "abcabcabcabc",
        "indonesia2026", "simpul-pusat-2026", "BismillahAllah99", "junali-junali", "Rahasia Indonesia",
    ])
    func `passwords that are guessed first are not taken`(_ password: String) {
        #expect(SecretRule.password.problem(with: password, name: "Junali") != nil)
    }

    @Test(arguments: [
        "kata sandi panjang", "sawah hijau di kaki gunung", "bunga: melati 7", "x7#kQ!9zRm2p", "9081726354019283",
        "ふじさんのうえでおにぎりをたべる",
    ])
    func `passwords of some length are taken, whatever they are made of`(_ password: String) {
        #expect(SecretRule.password.problem(with: password, name: "Junali") == nil)
        #expect(SecretRule.password.problem(with: "elevenchars") != nil)
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
