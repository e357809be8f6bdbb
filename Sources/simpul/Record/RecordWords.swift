import Catalogue
import Event
import Node
import Store

/// Tells what was recorded, without anything personal.
struct RecordWords {
    let language: LanguageOption
    let node: Node
    let type: EventType

    /// What the risk rules say, for a record that has their questions.
    func assess(_ draft: Draft) {
        let today = node.localDay(node.now())
        guard let result = node.catalogue.assessment(of: type, data: draft.data, today: today) else { return }
        let words = language.language
        Output.note(
            "\(language.say("Risiko", "Risk")): \(result.band.label[words]) (\(result.score)). \(result.band.advice[words])"
        )
        for reason in result.reasons {
            Output.note("  - \(reason.rule.id) \(reason.rule.indicator[words])")
        }
        if result.incomplete {
            Output.note(
                language.say(
                    "  Masih banyak yang belum diketahui (\(result.unknown)); tanyakan lagi.",
                    "  Much is not known yet (\(result.unknown)); ask again."))
        }
    }

    func tell(_ line: AppendedLine, format: RecordCommand.Format) throws {
        let reference = line.reference
        let event = try EventLine(parsing: line.bytes)
        let path = try node.paths().path(reference.log, reference.sequence)
        switch format {
        case .json:
            Output.result(
                JSON.object([
                    JSONMember("reference", .string(reference.description)), JSONMember("type", .string(event.type)),
                    JSONMember("subject", .string(event.subject)),
                    JSONMember("log", .string(reference.log.description)),
                    JSONMember("sequence", .int(reference.sequence)),
                    JSONMember("stage", .string(PathWords.code(path.stage))),
                    // The very bytes that are signed and will arrive, for whoever keeps a journal of their own.
                    JSONMember("line", .string(String(decoding: line.bytes, as: UTF8.self))),
                ]))
        case .text:
            Output.result(reference.description)
            Output.result("  \(type.label[language.language]) · \(type.subject.kind) \(event.subject)")
            Output.result("  \(standing(path, reference.log))")
        }
    }

    private func standing(_ path: LinePath, _ log: LogName) -> String {
        let stage = PathWords.stage(path.stage)[language.language]
        guard log.audience != .local else {
            return language.say("\(stage); tidak keluar dari sini", "\(stage); it never leaves this node")
        }
        guard path.stage < .atCentre else { return stage }
        return language.say(
            "\(stage); naik pada `simpul sync` berikutnya", "\(stage); goes up with the next `simpul sync`")
    }
}
