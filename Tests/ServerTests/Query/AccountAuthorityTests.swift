import Event
import Foundation
import Node
import Server
import TestKit
import Testing

@Suite("Accounts that ask")
struct AccountAuthorityTests {
    private let folder: TestFolder
    private let accounts: Accounts
    private let authority: AccountAuthority

    init() throws {
        folder = try TestFolder("accounts")
        let region = try RegionCode("36.04")
        accounts = Accounts(folder: NodeFolder(path: folder.path), region: region, rule: .password)
        try accounts.add(name: "Ibu Ratna", secret: "bunga: melati 7", role: "hub_officer")
        authority = AccountAuthority(accounts: accounts)
    }

    @Test("the right password gives role and region, also from memory")
    func welcome() throws {
        for _ in 0..<2 {
            let actor = try #require(try accounts.list().first?.actor)
            let reader = QueryReader(
                name: "Ibu Ratna", role: "hub_officer", region: try RegionCode("36.04"), actor: actor)
            #expect(try authority.verify(name: "Ibu Ratna", password: "bunga: melati 7") == .welcome(reader))
        }
    }

    @Test("a wrong password is not let in by a right one before it")
    func wrong() throws {
        _ = try authority.verify(name: "Ibu Ratna", password: "bunga: melati 7")
        #expect(try authority.verify(name: "Ibu Ratna", password: "bunga: melati 8") == .wrong)
        #expect(try authority.verify(name: "Ibu", password: " Ratnabunga: melati 7") == .wrong)
    }

    @Test("a removed account is out at once")
    func removed() throws {
        _ = try authority.verify(name: "Ibu Ratna", password: "bunga: melati 7")
        try FileManager.default.removeItem(atPath: NodeFolder(path: folder.path).accounts)
        #expect(try authority.verify(name: "Ibu Ratna", password: "bunga: melati 7") == .wrong)
    }
}
