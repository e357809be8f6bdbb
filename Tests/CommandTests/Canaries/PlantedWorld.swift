import Catalogue
import Event
import Foundation
import GRDB
import Store
import TestKit
import TransparencyLog
import Transport

/// A village, its hub and the centre as real processes over lines that are listened to, with canaries planted in every
/// personal field of every type that people record there.
final class PlantedWorld {
    let village = "lontar-a"
    let hub = "hub-serang"
    let centre = "pusat"
    let backup = "cadangan"
    /// Records of each type.
    static let rows = 14

    private(set) var canaries: [Canary] = []
    /// A word in a field that the centre may read: where it is not found, the scan looked at nothing.
    private(set) var mark: Canary
    /// What the centre's people were shown, and what it wrote while it ran.
    private(set) var shown: [(place: String, bytes: [UInt8])] = []
    private(set) var lines: [(name: String, relay: Relay)] = []

    private let scratch: Scratch
    private let catalogue: Catalogue
    private let region = "36.04.13.2007"
    private var breeder: CanaryBreeder
    private var dice: SeededGenerator
    private var servers: [String: Mortal] = [:]
    private var launched = 0
    /// Servers that would write a core dump.
    private var dumping: [String] = []

    init(seed: UInt64) throws {
        scratch = try Scratch()
        catalogue = try Catalogue.bundled()
        breeder = CanaryBreeder(seed: seed)
        dice = SeededGenerator(seed: seed ^ 0xCA_4A_21)
        mark = breeder.word("case.referred.to_unit")
        try run(["init", "--centre", "--node", centre], on: centre)
        try join(hub, region: "36.04", role: "hub", to: centre)
        try join(village, region: region, role: "village", to: hub)
    }

    func folder(_ node: String) -> String { scratch.path + "/" + node }

    // MARK: - What people do

    func play() throws {
        try record(at: village) { $0.nodes.contains(.village) }
        try record(at: hub) { $0.nodes.contains(.hub) && !$0.nodes.contains(.village) }
        try correct()
        try run(["sync"], on: village)
        try run(["sync"], on: hub)
        try run(["sync"], on: village)
        for node in [village, hub] { try run(["query", "people_by_stage"], on: node) }
        try askCentre()
        // What an operator copies while the server runs, write-ahead logs included.
        try FileManager.default.copyItem(atPath: folder(centre), toPath: folder(backup))
        // And what the program itself copies, of those who may read.
        for node in [village, hub] { try run(["backup", folder(node) + ".backup"], on: node) }
        try stop(centre)
        try show(["rebuild"], ["log", "verify"], ["log", "show", "--personal", "--limit", "100000"])
        try show(["log", "show", village, "--json", "--limit", "100000"], ["status"], ["nodes", "list"])
        try serve(centre)
        try askCentre()
        for node in [hub, centre] { try stop(node) }
    }

    /// Orders the erasure of everybody who has a key, and carries it everywhere.
    func erase(_ holders: Set<String>) throws {
        let cases = try StoredLines.all(folder(hub)).values.compactMap { bytes -> String? in
            let line = try EventLine(parsing: bytes)
            guard line.type == "case.opened", let type = catalogue.types["case.closed"] else { return nil }
            let closing = JSON.object([
                JSONMember("data", type.example), JSONMember("subject", .string(line.subject)),
                JSONMember("for", .string(region)),
            ])
            return String(decoding: closing.encoded(), as: UTF8.self)
        }
        try run(
            ["import", "-", "--type", "case.closed", "--role", "hub_officer"], on: hub,
            input: cases.sorted().joined(separator: "\n"))
        // Some at a time: a command has a minute or so in these tests, and the file is scrubbed with each order.
        var rest = holders.sorted()[...]
        while !rest.isEmpty {
            try run(["erase"] + rest.prefix(40) + ["--reason", "expired", "--yes"], on: hub)
            rest = rest.dropFirst(40)
        }
        for node in [centre, hub] { try serve(node) }
        for node in [village, hub, village, hub, village] { try run(["sync"], on: node) }
        for node in [hub, centre] { try stop(node) }
    }

    /// Files that a crash would have left, and processes that could leave one.
    var coreDumps: [String] {
        let files = FileManager.default.enumerator(atPath: scratch.path)?.compactMap { $0 as? String } ?? []
        return files.filter { ($0 as NSString).lastPathComponent.hasPrefix("core") } + dumping
    }

    /// Records of all types with personal fields that a kind of node records.
    private func record(at node: String, _ isRecordedThere: (EventType) -> Bool) throws {
        for type in catalogue.types.values.sorted(by: { $0.name < $1.name })
        where type.subject.kind != "target" && isRecordedThere(type)
            && type.fields.contains(where: { $0.sensitivity == .personal })
        {
            let entries = (0..<Self.rows).map { _ in row(of: type, at: node) }
            try consent(of: persons(in: entries, of: type), at: node)
            let rows = entries.map { String(decoding: $0.encoded(), as: UTF8.self) }
            let role = type.roles.first.map { ["--role", $0] } ?? []
            let said = try run(
                ["import", "-", "--type", type.name, "--source", "buku"] + role, on: node,
                input: rows.joined(separator: "\n"))
            guard said.contains(" \(Self.rows) masuk") else {
                throw Mortal.Unexpected(description: "\(type.name): \(said)")
            }
        }
    }

    private func persons(in entries: [JSON], of type: EventType) -> Set<String> {
        let names = type.fields.filter {
            $0.kind == .identifier(entity: "person") || $0.kind == .identifiers(entity: "person")
        }.map(\.name)
        return Set(
            entries.flatMap { entry in
                names.compactMap { entry["data"]?[$0] }.flatMap { $0.arrayValue ?? [$0] }.compactMap(\.stringValue)
            })
    }

    /// Nothing that identifies a person is recorded before she agreed.
    private func consent(of persons: Set<String>, at node: String) throws {
        guard !persons.isEmpty else { return }
        let rows = persons.sorted().map { person in
            let given = JSON.object([
                JSONMember("person_id", .string(person)), JSONMember("purposes", ["protection", "referral"]),
                JSONMember("form", "written"), JSONMember("language", "id"), JSONMember("text_version", "1.2.0"),
                JSONMember("given_by", "self"),
            ])
            let entry = JSON.object([JSONMember("data", given)])
            return node == hub ? entry.setting("for", to: .string(region)) : entry
        }
        try run(
            ["import", "-", "--type", "privacy.consent_granted", "--source", "persetujuan"], on: node,
            input: rows.map { String(decoding: $0.encoded(), as: UTF8.self) }.joined(separator: "\n"))
    }

    /// The type's example about somebody else, with canaries in all personal fields.
    private func row(of type: EventType, at node: String) -> JSON {
        var data = type.example
        for field in type.fields {
            if field.sensitivity == .personal {
                let canary = breeder.canary(for: field, of: type.name)
                canaries.append(canary)
                data = data.setting(field.name, to: canary.value)
            } else if case .identifier = field.kind, data[field.name] != nil || field.name == type.subject.field {
                data = data.setting(field.name, to: .string(dice.uuid()))
            }
        }
        if type.name == "case.referred" { data = data.setting("to_unit", to: mark.value) }
        if type.name == "person.registered" {
            data = data.setting("lawful_basis", to: "public_task")
            // A name for the field that the type does not have: people mistype.
            canaries.append(breeder.word("person.registered.nama (no such field)"))
            data = data.setting("nama", to: canaries[canaries.count - 1].value)
        }
        var entry = JSON.object([JSONMember("data", data)])
        if type.subject.field == nil, !type.subject.isNew { entry = entry.setting("subject", to: .string(dice.uuid())) }
        if node == hub, type.audience.field == nil { entry = entry.setting("for", to: .string(region)) }
        return entry
    }

    /// New names and numbers in place of old ones, and why a record is taken back.
    private func correct() throws {
        let stored = try StoredLines.all(folder(village))
        var corrections: [String] = []
        var retractions: [String] = []
        for (place, bytes) in stored.sorted(by: { ($0.key.log, $0.key.sequence) < ($1.key.log, $1.key.sequence) }) {
            let line = try EventLine(parsing: bytes)
            let hash = Hash.leaf(bytes).bytes.map { String(format: "%02x", $0) }.joined()
            let target = JSONMember("target", .string("\(place)~\(hash)"))
            if line.type == "person.registered", let type = catalogue.types[line.type] {
                let patch = type.fields.filter { $0.sensitivity == .personal && $0.check != nil }.map { field in
                    canaries.append(breeder.canary(for: field, of: line.type))
                    return JSONMember(field.name, canaries[canaries.count - 1].value)
                }
                let correction = JSON.object([
                    target, JSONMember("reason", "typo"), JSONMember("patch", .object(patch)),
                ])
                corrections.append(entry(correction, about: line))
            } else if line.type == "contact.checked" {
                canaries.append(breeder.word("record.retracted.note"))
                let retraction = JSON.object([
                    target, JSONMember("reason", "wrong_person"),
                    JSONMember("note", .string("Bukan \(canaries[canaries.count - 1].needles[0])")),
                ])
                retractions.append(entry(retraction, about: line))
            }
        }
        for (type, rows) in [("record.corrected", corrections), ("record.retracted", retractions)] {
            let said = try run(["import", "-", "--type", type], on: village, input: rows.joined(separator: "\n"))
            guard said.contains(" \(Self.rows) masuk") else { throw Mortal.Unexpected(description: "\(type): \(said)") }
        }
    }

    private func entry(_ data: JSON, about line: EventLine) -> String {
        let entry = JSON.object([JSONMember("data", data), JSONMember("subject", .string(line.subject))])
        return String(decoding: entry.encoded(), as: UTF8.self)
    }

    // MARK: - What the centre's people see

    /// Every model as whoever holds the folder asks it; and over HTTP those that an analyst may, as rows and as CSV, with
    /// the lines behind their first rows.
    private func askCentre() throws {
        if !FileManager.default.fileExists(atPath: folder(centre) + "/accounts.json") {
            let secret = try scratch.file("password", "sandi-analis-panjang")
            try run(["account", "add", "analis", "--role", "analyst", "--password-file", secret], on: centre)
        }
        for line in try run(["query", "--list"], on: centre).split(separator: "\n") where !line.hasPrefix(" ") {
            let name = line.prefix { $0 != " " }
            try show(["query", String(name), "--format", "csv", "--limit", "10000"])
        }
        let list = try get("/q/v1/models")
        for model in list["models"]?.arrayValue ?? [] {
            guard let name = model["name"]?.stringValue else { continue }
            let rows = try get("/q/v1/models/\(name)?format=json&limit=10000")
            try get("/q/v1/models/\(name)?format=csv&limit=10000", isJSON: false)
            guard let first = rows["rows"]?.arrayValue?.first else { continue }
            let key = (model["key"]?.arrayValue ?? []).map { first[$0.stringValue ?? ""].map(Self.text) ?? "" }
            try get("/q/v1/models/\(name)/explain?key=\(key.joined(separator: ","))")
        }
    }

    private static func text(_ value: JSON) -> String {
        value.stringValue ?? String(decoding: value.encoded(), as: UTF8.self)
    }

    @discardableResult
    private func get(_ path: String, isJSON: Bool = true) throws -> JSON {
        let address = try HTTPAddress("http://127.0.0.1:\(ports[centre] ?? 0)").resolving(path)
        let login = Data("analis:sandi-analis-panjang".utf8).base64EncodedString()
        var bytes: [UInt8] = []
        try HTTPClient().perform(
            HTTPRequest(.get, address, headers: ["Authorization": "Basic \(login)"]),
            onBytes: { bytes.append(contentsOf: $0) })
        shown.append((place: path, bytes: bytes))
        return isJSON ? try JSON.parse(bytes, limits: .document) : .null
    }

    private func show(_ commands: [String]...) throws {
        for command in commands {
            shown.append(
                (place: "simpul \(command.joined(separator: " "))", bytes: Array(try run(command, on: centre).utf8)))
        }
    }

    // MARK: - Where to look

    /// What `simpul log show --personal` shows where the keys are.
    func shownWithKeys(at node: String) throws -> [UInt8] {
        Array(try run(["log", "show", "/", "--personal", "--limit", "100000"], on: node).utf8)
    }

    /// Every file of a node's folder, and what its processes said.
    func files(of node: String) throws -> [(place: String, bytes: [UInt8])] {
        var files: [(place: String, bytes: [UInt8])] = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder(node)).sorted() {
            let path = folder(node) + "/" + name
            guard let bytes = FileManager.default.contents(atPath: path) else { continue }
            files.append((place: "\(node)/\(name)", bytes: [UInt8](bytes)))
        }
        return files
    }

    /// What processes said: at the centre all of it; elsewhere what goes into a log, not what a person asked to see.
    func logs() throws -> [(place: String, bytes: [UInt8])] {
        try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
            .filter { $0.hasSuffix(".errors") || $0.hasPrefix("\(centre).") && $0.hasSuffix(".output") }
            .map { (place: $0, bytes: [UInt8](try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/" + $0)))) }
    }

    // MARK: - Processes

    private var ports: [String: Int] = [:]

    @discardableResult
    private func run(_ arguments: [String], on node: String, input: String? = nil) throws -> String {
        let process = try launch(arguments, on: node, input: input)
        guard try process.ending() == .ended(0) else {
            throw Mortal.Unexpected(description: "simpul \(arguments) on \(node): \(process.output)\(process.errors)")
        }
        return process.output
    }

    private func launch(_ arguments: [String], on node: String, input: String? = nil) throws -> Mortal {
        launched += 1
        // A server tells all it can; temporary files go where they are found.
        let temporary = folder(node) + ".tmp"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        return try Mortal(
            arguments, files: scratch.path + "/\(node).\(launched)", input: input,
            environment: ["SIMPUL_FOLDER": folder(node), "SIMPUL_LOG_LEVEL": "trace", "TMPDIR": temporary], death: nil)
    }

    private func serve(_ node: String) throws {
        let portFile = scratch.path + "/\(launched + 1).port"
        let server = try launch(["serve", "--port", "\(ports[node] ?? 0)", "--port-file", portFile], on: node)
        servers[node] = server
        var text = ""
        while server.isRunning, !text.hasSuffix("\n") {
            usleep(2_000)
            text = FileManager.default.contents(atPath: portFile).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        guard let port = Int(text.dropLast()) else {
            throw Mortal.Unexpected(description: "\(node) does not serve: \(server.errors)")
        }
        ports[node] = port
        let limits = try String(contentsOfFile: "/proc/\(server.pid)/limits", encoding: .utf8)
        let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") } ?? ""
        if core.split(separator: " ").dropFirst(4).prefix(2) != ["0", "0"] { dumping.append("\(node): \(core)") }
    }

    private func stop(_ node: String) throws {
        servers[node]?.terminate()
        guard try servers[node]?.ending() == .ended(0) else {
            throw Mortal.Unexpected(description: "\(node) did not stop cleanly")
        }
        servers[node] = nil
    }

    /// Enrols a node over a line that is listened to.
    private func join(_ node: String, region: String, role: String, to parent: String) throws {
        if servers[parent] == nil { try serve(parent) }
        let relay = try Relay(to: ports[parent] ?? 0)
        lines.append((name: "\(node) → \(parent)", relay: relay))
        let code = try run(
            ["invite", node, "--region", region, "--role", role, "--url", relay.url], on: parent)
        try run(["init", "--invite", code.trimmingCharacters(in: .newlines)], on: node)
    }
}
