import Catalogue
import Foundation
import Testing

@testable import ReadModels

/// The policy and the models that it is about fit together; what it comes to is tested over HTTP.
@Suite struct AccessPolicyTests {
    private static let page = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../docs/roles.md").standardizedFileURL
    private static let mark = "<!-- made from the policy -->\n"

    private let catalogue: Catalogue
    private let models: [ModelFile]

    init() throws {
        catalogue = try Catalogue.bundled()
        models = try catalogue.modelFiles.map { try ModelFile(contentsOf: $0) }
    }

    @Test func everyModelNamesItsTopicAndEveryRoleIsJudged() {
        let topics = Set(catalogue.access.topics.map(\.name))
        for model in models {
            #expect(topics.contains(model.topic), "\(model.name)")
            #expect(model.topic != AccessPolicy.otherTopic, "\(model.name) names no topic")
        }
        #expect(Set(catalogue.codeLists["ROLE"]?.entries.map(\.code) ?? []) == Set(catalogue.access.roles.map(\.code)))
    }

    /// A misspelt column would hide nothing; one that a rule cannot find would hide everything.
    @Test func whatThePolicyHidesAndJudgesExists() {
        let limits = catalogue.access.conflict.limits.compactMap { topic, grant in grant.map { (topic, $0) } }
        for (topic, grant) in catalogue.access.roles.flatMap({ Array($0.grants) }).map({ ($0.key, $0.value) }) + limits
        {
            let about = models.filter { $0.topic == topic }
            for hidden in grant.hidden {
                #expect(about.contains { $0.columns.contains { $0.name == hidden } }, "\(topic).\(hidden)")
                #expect(!about.contains { $0.identity.contains(hidden) }, "\(topic).\(hidden) is part of a key")
            }
            let through = catalogue.access.topic(topic)?.through
            for rule in grant.only + grant.never {
                for model in about where !model.columns.contains(where: { $0.name == rule.column }) {
                    let judge = models.first { $0.name == through?.model }
                    #expect(model.columns.contains { $0.name == through?.column }, "\(model.name) \(rule.column)")
                    #expect(judge?.columns.contains { $0.name == rule.column } == true, "\(model.name) \(rule.column)")
                }
            }
        }
    }

    @Test func aModelFromAFileAloneIsSeenByThoseWhoSeeRowsOnly() throws {
        let policy = catalogue.access
        let granted = Set(policy.roles.filter { $0.grants[AccessPolicy.otherTopic] != nil }.map(\.code))
        #expect(granted == ["community_organizer", "hub_officer", "hub_head", "caseworker"])
        #expect(AccessPolicy.closed.grant(AccessPolicy.otherTopic, to: "hub_officer", isConflicted: false) == nil)
    }

    @Test func thePageOfRolesSaysWhatThePolicySays() throws {
        let written = try String(contentsOf: Self.page, encoding: .utf8)
        let head = try #require(written.range(of: Self.mark)).upperBound
        let text = written[..<head] + "\n" + (try AccessDocumentation(catalogue: catalogue).markdown)
        if ProcessInfo.processInfo.environment["SIMPUL_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: Self.page)
        }
        #expect(written == text, "docs/roles.md is out of date")
    }
}
