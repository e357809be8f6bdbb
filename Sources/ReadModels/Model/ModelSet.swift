import Catalogue
import Crypto
import Foundation

/// The models that are kept, each after what it reads.
struct ModelSet: Sendable {
    /// In the order of keeping.
    let models: [ModelFile]
    /// Files that were left out, and why.
    let problems: [ModelProblem]
    private let byName: [String: ModelFile]
    /// By name: what changes when the file, or anything it reads, does.
    private let digests: [String: String]

    /// Reads the files of a catalogue. A file with a problem is left out, and what reads it with it.
    init(files: [URL], tables: [EventTable]) {
        var problems: [ModelProblem] = []
        var found: [ModelFile] = []
        for url in files {
            do {
                found.append(try ModelFile(contentsOf: url))
            } catch let error as ModelProblems {
                problems += error.problems
            } catch {
                problems.append(ModelProblem(file: url.lastPathComponent, line: 1, what: "\(error)", fix: ""))
            }
        }
        self.init(models: found, tables: tables, problems: problems)
    }

    init(models found: [ModelFile], tables: [EventTable], problems: [ModelProblem] = []) {
        var problems = problems
        var sound: [String: ModelFile] = [:]
        for model in found {
            let wrong = SQLLinter.check(model) + SourceCheck(tables: tables).check(model)
            if let other = sound[model.name] {
                problems.append(
                    ModelProblem(
                        file: model.file, line: 1, what: "\(other.file) has a model \(model.name) too.",
                        fix: "Keep one; a file of the same name in a later folder takes the place of the first."))
            } else if wrong.isEmpty {
                sound[model.name] = model
            }
            problems += wrong
        }
        let ordered = Self.ordered(sound, problems: &problems)
        models = ordered
        byName = Dictionary(uniqueKeysWithValues: ordered.map { ($0.name, $0) })
        digests = Self.digests(ordered, tables: tables)
        self.problems = problems
    }

    /// As it would be with another version of a model.
    /// - Throws: `ModelProblems` when that one, or what reads it, would be left out.
    func replacing(_ model: ModelFile, tables: [EventTable]) throws(ModelProblems) -> ModelSet {
        let set = ModelSet(models: models.filter { $0.name != model.name } + [model], tables: tables)
        guard set.problems.isEmpty else { throw ModelProblems(set.problems) }
        return set
    }

    subscript(name: String) -> ModelFile? { byName[name] }

    var names: [String] { byName.keys.sorted() }

    func digest(of name: String) -> String { digests[name] ?? "" }

    /// The model and all that it reads, in the order of keeping.
    func closure(of name: String) -> [ModelFile] {
        var needed: Set<String> = [name]
        for model in models.reversed() where needed.contains(model.name) {
            needed.formUnion(model.modelsRead)
        }
        return models.filter { needed.contains($0.name) }
    }

    // MARK: - Order

    /// Each model after those it reads. What reads an absent model, or itself through others, is left out.
    private static func ordered(_ models: [String: ModelFile], problems: inout [ModelProblem]) -> [ModelFile] {
        var remaining = models
        var ordered: [ModelFile] = []
        var placed: [String: ModelFile] = [:]
        while !remaining.isEmpty {
            let ready = remaining.values.filter { model in model.modelsRead.allSatisfy { placed[$0] != nil } }
                .sorted { $0.name < $1.name }
            guard !ready.isEmpty else { break }
            for model in ready {
                remaining[model.name] = nil
                if let problem = misreading(model, placed) {
                    problems.append(problem)
                } else {
                    placed[model.name] = model
                    ordered.append(model)
                }
            }
        }
        for model in remaining.values.sorted(by: { $0.name < $1.name }) {
            let missing = model.modelsRead.filter { placed[$0] == nil }.sorted()
            problems.append(
                ModelProblem(
                    file: model.file, line: 1,
                    what: "It reads \(missing.joined(separator: ", ")), which is not installed or reads it in turn.",
                    fix: "Install it, or break the circle."))
        }
        return ordered
    }

    /// Columns and kinds of the models that a model reads.
    private static func misreading(_ model: ModelFile, _ placed: [String: ModelFile]) -> ModelProblem? {
        for reads in model.reads {
            guard case .model(let name) = reads.source, let source = placed[name] else { continue }
            if source.kind == .view, model.kind != .view {
                return ModelProblem(
                    file: model.file, line: reads.line, what: "\(name) is a view, which has no rows to keep up with.",
                    fix: "Read what it reads.")
            }
            if let column = reads.by.first(where: { column in !source.columns.contains { $0.name == column } }) {
                return ModelProblem(
                    file: model.file, line: reads.line, what: "\(name) has no column “\(column)”.",
                    fix: "Its columns are: \(source.columns.map(\.name).joined(separator: ", ")).")
            }
        }
        return nil
    }

    private static func digests(_ models: [ModelFile], tables: [EventTable]) -> [String: String] {
        var digests: [String: String] = [:]
        let layouts = Dictionary(uniqueKeysWithValues: tables.map { ($0.type, $0.layout) })
        for model in models {
            var hash = SHA256()
            hash.update(data: Data(model.text.utf8))
            for reads in model.reads {
                switch reads.source {
                case .model(let name): hash.update(data: Data((digests[name] ?? "").utf8))
                case .event(let type, _): hash.update(data: Data((layouts[type] ?? "").utf8))
                case .everyEvent, .logs: break
                }
            }
            digests[model.name] = hash.finalize().map { byte in
                let digits = String(byte, radix: 16)
                return digits.utf8.count == 1 ? "0" + digits : digits
            }.joined()
        }
        return digests
    }
}

extension ModelFile {
    var modelsRead: [String] {
        reads.compactMap { if case .model(let name) = $0.source { name } else { nil } }
    }
}

/// Checks that what a model reads of events exists.
struct SourceCheck {
    let tables: [EventTable]

    func check(_ model: ModelFile) -> [ModelProblem] {
        model.reads.compactMap { reads in
            switch reads.source {
            case .event(let type, let list): check(type, list, reads, model)
            case .everyEvent: checkColumns(reads, EveryEvent.columns, "events", model)
            case .logs: checkColumns(reads, LogsRelation.columns, "logs", model)
            case .model: nil
            }
        }
    }

    private func check(_ type: String, _ list: String?, _ reads: ModelReads, _ model: ModelFile) -> ModelProblem? {
        guard let table = tables.first(where: { $0.type == type }) else {
            return ModelProblem(
                file: model.file, line: reads.line, what: "There is no event type \(type).",
                fix: "Install its schema, or correct the name.")
        }
        if let list {
            guard let found = table.lists.first(where: { $0.name == list }) else {
                return ModelProblem(
                    file: model.file, line: reads.line, what: "\(type) has no list “\(list)” that folds may read.",
                    fix: "Its lists are: \(table.lists.map(\.name).joined(separator: ", ")).")
            }
            return checkColumns(reads, table.relationColumns(found), "\(type)/\(list)", model)
        }
        // A fold finds events by an index, which only stored columns have.
        let known = model.kind == .fold ? ["subject"] + table.columns.map(\.name) : table.relationColumns
        return checkColumns(reads, known, type, model)
    }

    private func checkColumns(
        _ reads: ModelReads, _ known: [String], _ source: String, _ model: ModelFile
    ) -> ModelProblem? {
        guard let column = reads.by.first(where: { !known.contains($0) }) else { return nil }
        return ModelProblem(
            file: model.file, line: reads.line, what: "\(source) has no column “\(column)” to read by.",
            fix: "Its columns are: \(known.joined(separator: ", ")).")
    }
}

/// The relation of logs: what was read of each. As of an earlier cut, lines are those of that cut; lines that waited
/// then and count by now are not listed as parked.
enum LogsRelation {
    static let columns = [
        "log", "node", "audience", "lane", "village", "district", "regency", "province", "lines", "parked",
    ]

    static func selection(at cut: Int64?) -> String {
        func place(_ column: String) -> String {
            "(SELECT \(column) FROM place WHERE code = l.audience) AS \(column)"
        }
        // All histories of a log, as one log.
        let histories = "SELECT h.id FROM log h WHERE h.name = l.name"
        let lines =
            cut.map {
                "(SELECT coalesce(sum(r.count), 0) FROM run r WHERE r.log_id IN (\(histories)) AND r.cut <= \($0))"
            } ?? "(SELECT coalesce(sum(r.count), 0) FROM run r WHERE r.log_id IN (\(histories)))"
        let known = cut.map { " AND p.cut <= \($0)" } ?? ""
        let read = cut.map { " AND r.cut <= \($0)" } ?? ""
        return """
            SELECT l.name AS log, l.node AS node, l.audience AS audience, l.lane AS lane, \
            \(place("village")), \(place("district")), \(place("regency")), \(place("province")), \(lines) AS lines, \
            (SELECT count(*) FROM parked p WHERE p.log_id IN (\(histories))\(known)) AS parked FROM log l \
            WHERE l.history = '' AND EXISTS (SELECT 1 FROM run r WHERE r.log_id = l.id\(read))
            """
    }
}
