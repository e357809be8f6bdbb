import Catalogue
import Event
import Store
import Sync

/// The lines about a person that were written for villages where the person no longer is.
struct Dossier {
    struct Line {
        let reference: LineReference
        let event: EventLine
    }

    let lines: [Line]
    /// The person, and the cases: whose keys the lines are encrypted under, as far as they are hers.
    let holders: [String]

    /// Keys of those holders that the lines name.
    var keys: Set<String> {
        Set(
            lines.flatMap { line in
                [line.event.data["personal"], line.event.data["patch"]?["personal"]].compactMap {
                    $0?["key"]?.stringValue
                }
            }.filter { name in KeyName(name).map { holders.contains($0.holder) } ?? false })
    }

    /// What is about somebody else first of all, or that no village reads, stays where it is.
    private static let staying: Set<String> = ["recruiter", "node", "reading", "approval", "release", "office"]

    init(of person: String, in villages: [RegionCode], store: LogStore, catalogue: Catalogue) throws {
        let changes = ["\"record.corrected\"", "\"record.retracted\""]
        let candidates = try villages.flatMap { try store.lines(for: $0, containing: [person] + changes) }
            .compactMap(Self.line)
        let own = candidates.filter { Self.isAbout(person, $0.event, catalogue) }
        let cases = Set(own.filter { catalogue.types[$0.event.type]?.subject.kind == "case" }.map(\.event.subject))
        let ofCases = try villages.flatMap { try store.lines(for: $0, containing: cases.sorted()) }
            .compactMap(Self.line).filter { cases.contains($0.event.subject) && !Self.stays($0.event, catalogue) }
        var found: [String: Line] = [:]
        for line in own + ofCases { found[line.reference.description] = line }
        // Corrections of corrections: until nothing is added.
        var isGrowing = true
        while isGrowing {
            let more = candidates.filter { line in
                line.event.type.hasPrefix("record.") && found[line.reference.description] == nil
                    && line.event.data["target"]?.stringValue.map { found[$0] != nil } == true
            }
            for line in more { found[line.reference.description] = line }
            isGrowing = !more.isEmpty
        }
        lines = found.values.sorted {
            ($0.event.hybridTime, $0.reference.description) < ($1.event.hybridTime, $1.reference.description)
        }
        holders = [person] + cases.sorted()
    }

    private static func line(_ standing: StandingLine) throws -> Line? {
        guard let event = try? EventLine(parsing: standing.bytes) else { return nil }
        return Line(
            reference: try LineReference(
                log: standing.log, sequence: standing.sequence, leafHash: LogStore.leafHash(of: standing.bytes)),
            event: event)
    }

    private static func stays(_ event: EventLine, _ catalogue: Catalogue) -> Bool {
        guard let type = catalogue.types[event.type] else { return true }
        return event.type.hasPrefix("dossier.") || event.data["sealed"] != nil || staying.contains(type.subject.kind)
    }

    private static func isAbout(_ person: String, _ event: EventLine, _ catalogue: Catalogue) -> Bool {
        guard !stays(event, catalogue), let type = catalogue.types[event.type] else { return false }
        return event.subject == person || type.persons(in: event.data, subject: event.subject).contains(person)
    }
}
