import Catalogue
import Foundation
import Store
import TestKit
import Testing

@testable import Node

/// Every state has words in both languages, and a next step.
@Suite struct ConditionWordsTests {
    private static let roles: [Enrolment.Role] = [.village, .hub, .centre]

    /// A condition whose sentences have all they may ask for.
    static func example(_ code: NodeCondition.Code, at role: Enrolment.Role) -> NodeCondition {
        let names = ["days", "n", "why", "reason", "day", "free", "hours", "nodes", "names", "node", "epoch"]
        return NodeCondition(
            code, at: role, since: "2026-08-14T10:00:00+07:00", about: "lontar-a",
            Dictionary(uniqueKeysWithValues: names.map { ($0, LocalizedText(id: "satu", en: "one")) }))
    }

    /// A command, a page, a call or something done with one's hands: what a next step may be.
    private static func namesAStep(_ text: String, _ language: Language) -> Bool {
        switch language {
        case .indonesian:
            text.contains(
                /simpul [a-z]+|[Tt]elepon|Tanyakan|Betulkan|Kosongkan|[Pp]eriksa|[Mm]inta|sinkron|Tunggu/)
        case .english: text.contains(/simpul [a-z]+|[Cc]all|[Aa]sk|Set date|Free|[Cc]heck|sync|Wait/)
        }
    }

    @Test(arguments: NodeCondition.Code.allCases)
    func `a state has words in both languages and a next step, for each kind of node`(code: NodeCondition.Code) {
        for role in Self.roles {
            let condition = Self.example(code, at: role)
            #expect(condition.what.id != condition.what.en && condition.next.id != condition.next.en)
            for language in Language.allCases {
                let (what, next) = (condition.what[language], condition.next[language])
                for text in [what, next] {
                    #expect(text.count > 15 && !text.contains("{"), "\(text)")
                    #expect(
                        text.hasSuffix(".") || text.hasSuffix("satu") || text.hasSuffix("one") || text.hasSuffix("?"))
                }
                #expect(Self.namesAStep(next, language), "\(next)")
                let lines = condition.lines(language, since: "hari ini")
                #expect(lines.count == 2 && lines[0].contains(what) && lines[0].contains("hari ini"))
                #expect(lines[1].contains(next))
            }
        }
    }

    /// Words that only English has: what an organizer reads must have none.
    @Test(arguments: NodeCondition.Code.allCases)
    func `the Indonesian words are Indonesian`(code: NodeCondition.Code) {
        for role in Self.roles {
            let condition = Self.example(code, at: role)
            let text = (condition.what.id + " " + condition.next.id).lowercased()
            for word in ["the ", " is ", "laptop's", " this ", "revoked", "two-machines", "new-epoch", "records"] {
                #expect(!text.contains(word), "\(code): \(text)")
            }
        }
    }

    @Test func `the page of states names every code`() throws {
        let page = try String(contentsOf: Repository.root.appending(path: "docs/operating/states.md"), encoding: .utf8)
        for code in NodeCondition.Code.allCases { #expect(page.contains("`\(code.rawValue)`"), "\(code.rawValue)") }
    }

    @Test func `a village is told to call the hub, a hub the centre`() {
        for (role, whom) in [(Enrolment.Role.village, "Telepon hub"), (.hub, "Telepon pusat")] {
            #expect(Self.example(.revoked, at: role).next.id.contains(whom))
        }
    }

    @Test func `nobody who is revoked is promised a sync`() {
        let condition = Self.example(.revoked, at: .village)
        #expect(condition.what.id.contains("dicabut"))
        for part in ["Tidak ada yang hilang", "undangan baru", "simpul init", "simpul bundle export"] {
            #expect(condition.next.id.contains(part))
        }
        #expect(!condition.next.id.contains("simpul sync"))
    }
}
