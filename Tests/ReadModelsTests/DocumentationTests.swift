import Catalogue
import Event
import Foundation
import Testing

@testable import ReadModels

/// The examples of `docs/read-models.md`, installed and run.
@Suite struct DocumentationTests {
    /// A fenced block: what stands after the fence, and what is inside.
    private struct Block {
        var info: String
        var text: String

        func value(_ name: String) -> String? {
            info.split(separator: " ").first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
        }
    }

    private static func page() throws -> String {
        let project = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: project.appendingPathComponent("docs/read-models.md"), encoding: .utf8)
    }

    private static func blocks() throws -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        for line in try page().split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                if let block = open { blocks.append(block) }
                open = open == nil ? Block(info: String(line.dropFirst(3)), text: "") : nil
            } else {
                open?.text += line + "\n"
            }
        }
        return blocks
    }

    /// `SUBJECT DAY DATA`, or `correct LINE PATCH`.
    private static func intake(_ text: String) throws -> ArrayIntake {
        let log = try LogWriter("desa-0/36.04.13.2007:main/0000000000000000")
        var references: [LineReference] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 2).map(String.init)
            let data = try JSON.parse(Array(parts[2].utf8))
            if parts[0] == "correct" {
                try log.correct(references[try #require(Int(parts[1]))], patch: data)
            } else {
                references.append(try log.add("hotline.answered", subject: parts[0], occurred: parts[1], data: data))
            }
        }
        return ArrayIntake([log.run()])
    }

    @Test func theExamplesInstallAndAnswerAsThePageSays() throws {
        let folder = try TestFolder()
        let blocks = try Self.blocks()
        var files = 0
        for block in blocks {
            guard let name = block.value("file") else { continue }
            _ = try folder.write(block.text, to: "extra/\(name)")
            files += 1
        }
        #expect(files == 4)
        let engine = try folder.engine(
            catalogue: Catalogue.bundled(extra: [folder.url.appendingPathComponent("extra")]))
        #expect(engine.problems.map(\.description) == [])
        let lines = try #require(blocks.first { $0.info == "lines" })
        _ = try engine.advance(from: Self.intake(lines.text))

        let answers = blocks.filter { $0.value("of") != nil }
        #expect(answers.count == 2)
        for block in answers {
            let model = try #require(block.value("of"))
            let answer = try engine.reader.query(
                ModelQuery(model, scope: RegionCode("36.04"), reader: .holder, today: #require(LocalDay("2026-09-01"))))
            let text = String(decoding: answer.written(as: .csv), as: UTF8.self).replacing("\r\n", with: "\n")
            #expect(text == block.text, "\(model)")
        }
    }

    @Test func everyReasonForParkingAndEveryColumnOfEventsIsExplained() throws {
        let text = try Self.page()
        for reason in ParkReason.allCases { #expect(text.contains("`\(reason.rawValue)`"), "\(reason)") }
        for (name, _) in EnvelopeColumns.visible { #expect(text.contains("`\(name)`"), "\(name)") }
    }
}
