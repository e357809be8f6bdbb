import Event
import Foundation
import Store
import TestKit

/// A centre, a hub and two villages as real processes over real sockets, in which processes die.
///
/// One thread drives a world; only its servers run beside it.
final class KillWorld {
    /// Deaths that happened.
    private(set) var deaths: [Sentence] = []
    private(set) var journal = LineJournal()
    /// What was found wrong on the way.
    private(set) var findings: [String] = []
    let villages: [(name: String, region: String)] = [("lontar-a", "36.04.13.2007"), ("susukan-a", "36.04.13.2008")]
    let hub = "hub-serang"
    let centre = "pusat"

    private let scratch: Scratch
    private var dice: SeededGenerator
    private var sentences: Sentences
    private var servers: [String: Mortal] = [:]
    private var ports: [String: Int] = [:]
    private var launched = 0
    private var day = 0

    init(seed: UInt64) throws {
        scratch = try Scratch()
        dice = SeededGenerator(seed: seed)
        sentences = Sentences(using: &dice)
        try nextDay()
        for server in [centre, hub] { ports[server] = try Self.freePort() }
        try succeed(["init", "--centre", "--node", centre], on: centre)
        try serve(centre, nil)
        try join(hub, region: "36.04", role: "hub", to: centre)
        try serve(hub, nil)
        for village in villages { try join(village.name, region: village.region, role: "village", to: hub) }
        try reach(agreement: 3)
    }

    func folder(_ node: String) -> String { scratch.path + "/" + node }

    /// A second folder with the same files, to try mistakes on.
    func copy(of node: String) throws -> String {
        let path = scratch.path + "/\(node)-copy-\(launched)"
        try FileManager.default.copyItem(atPath: folder(node), toPath: path)
        return path
    }

    /// Carries out all sentences, then lets everything sync and stops the servers.
    func play() throws {
        // Those that made the world were to live.
        for server in [centre, hub] { try stop(server) }
        try keepServers()
        for sentence in sentences.ofClients {
            try keepServers()
            try carryOut(sentence)
        }
        try finishServer(hub) { try self.workAtVillage() }
        try finishServer(centre) { try self.workAtHub() }
        try reach(agreement: 12)
        for server in [hub, centre] { try stop(server) }
    }

    private func stop(_ server: String) throws {
        servers[server]?.terminate()
        let ending = try servers[server]?.ending()
        servers[server] = nil
        if ending != .ended(0) { findings.append("\(server) did not stop cleanly: \(ending as Any)") }
    }

    // MARK: - Deaths

    private func carryOut(_ sentence: Sentence) throws {
        // The count may be more than the process comes to; the second time it is the first.
        for death in [sentence.death] + Array(repeating: Death(point: sentence.death.point, count: 1), count: 5) {
            let before = deaths.count
            try attempt(Sentence(victim: sentence.victim, death: death))
            if deaths.count > before { return }
            try keepServers()
        }
        findings.append("\(sentence.victim.rawValue) did not die at \(sentence.death)")
    }

    private func attempt(_ sentence: Sentence) throws {
        let village = villages.randomElement(using: &dice) ?? villages[0]
        switch sentence.victim {
        case .villageRecord: try record(at: village.name, sentence)
        case .hubRecord: try record(at: hub, sentence)
        case .centreRecord: try record(at: centre, sentence)
        case .villageSync:
            try record(at: village.name)
            try sync(village.name, sentence)
        case .hubSync:
            try record(at: hub)
            try sync(hub, sentence)
        case .villageQuery:
            try record(at: village.name)
            let query = try launch(["query", "--list"], on: village.name, death: sentence.death)
            note(try query.ending(), sentence.victim)
        case .hubServer, .centreServer: break
        }
    }

    private func note(_ ending: Mortal.Ending, _ victim: Victim) {
        if case .died(let death) = ending { deaths.append(Sentence(victim: victim, death: death)) }
    }

    /// Starts a server again that died, condemned to what comes next.
    private func keepServers() throws {
        for server in [hub, centre] where servers[server]?.isRunning != true {
            if let died = servers[server] { try bury(died, server) }
            // Some die in the start already, of what happened before.
            while try !serve(server, sentences.next(server == hub ? .hubServer : .centreServer)) {
                if let died = servers[server] { try bury(died, server) }
            }
        }
    }

    private func bury(_ died: Mortal, _ server: String) throws {
        servers[server] = nil
        let ending = try died.ending()
        note(ending, server == hub ? .hubServer : .centreServer)
        if case .ended(let code) = ending {
            findings.append("\(server) ended with \(code): \(died.errors.suffix(500))")
        }
        // Looked at while it is dead, before anything can be sent again.
        findings += try excess(of: server, holding: StoredLines.sizes(folder(server)))
    }

    /// Receipts of `holder` that say more than it holds.
    ///
    /// - Parameter held: sizes of the holder's logs.
    func excess(of holder: String, holding held: [String: Int64]) throws -> [String] {
        var excess: [String] = []
        for node in villages.map(\.name) + [hub] where node != holder {
            for receipt in try StoredLines.receipts(folder(node), of: holder)
            where held[receipt.log, default: 0] < receipt.size {
                excess.append(
                    "\(node) has a receipt of \(holder) for \(receipt.size) lines of \(receipt.log), of which \(holder) "
                        + "holds \(held[receipt.log, default: 0])")
            }
        }
        return excess
    }

    /// Work goes on until a server has died of all that it was condemned to.
    private func finishServer(_ server: String, _ work: () throws -> Void) throws {
        var rounds = 0
        while sentences.isLeft(server == hub ? .hubServer : .centreServer) || servers[server]?.death != nil {
            rounds += 1
            guard rounds < 60 else {
                findings.append("\(server) did not die at \(servers[server]?.death?.description ?? "any point")")
                break
            }
            try keepServers()
            try work()
            // A fold goes on beside the answer.
            if servers[server]?.death?.point == .midFold { _ = servers[server]?.runs(out: 5) }
            _ = servers[server]?.runs(out: 0.05)
            try keepServers()
        }
    }

    private func workAtVillage() throws {
        let village = villages.randomElement(using: &dice) ?? villages[0]
        try nextDay()
        try record(at: village.name)
        try sync(village.name)
    }

    private func workAtHub() throws {
        try nextDay()
        try record(at: hub)
        try sync(hub)
    }

    // MARK: - Work

    /// Records something that only this record is about, and writes down what came of it.
    private func record(at node: String, _ sentence: Sentence? = nil) throws {
        let subject = dice.uuid()
        let record: (type: String, data: String, more: [String])
        switch node {
        case centre:
            record = ("warning.published", TestNode.warning("Peringatan \(subject)"), ["--subject", subject])
        case hub:
            let village = villages.randomElement(using: &dice) ?? villages[0]
            record = (
                "case.opened",
                #"{"person_id":"\#(dice.uuid())","opened_on":"2026-07-14","reporter_kind":"organizer","#
                    + #""kind":"illegal_recruitment","stage":"before","summary":"Visa ziarah, tiket sudah ada","#
                    + #""immediate_danger":true,"safe_channel":"phone"}"#,
                ["--subject", subject, "--for", village.region]
            )
        default:
            record = (
                "visit.recorded",
                #"{"household_id":"\#(subject)","purpose":"first_contact","channel":"home","#
                    + #""started_at":"2026-06-03T09:15:00+07:00","met":"met","note":"Ditemui di teras \#(subject)"}"#,
                []
            )
        }
        let process = try launch(
            ["record", record.type, "--json", "-", "--format", "json"] + record.more, on: node, input: record.data,
            death: sentence?.death)
        let ending = try process.ending()
        switch ending {
        case .ended(0):
            let told = try JSON.parse(Array(process.output.utf8), limits: .document)
            guard let line = told["line"]?.stringValue, let log = told["log"]?.stringValue,
                let sequence = told["sequence"]?.intValue
            else { throw Mortal.Unexpected(description: "simpul record said \(process.output)") }
            journal.confirm(Array(line.utf8), at: LineKey(log: log, sequence: sequence))
        case .ended(let code):
            throw Mortal.Unexpected(description: "simpul record ended with \(code): \(process.errors)")
        case .died(let death):
            journal.died(subject, at: death.point)
        }
        if let sentence { note(ending, sentence.victim) }
    }

    /// - Returns: whether both sides agree now.
    @discardableResult
    private func sync(_ node: String, _ sentence: Sentence? = nil) throws -> Bool {
        let process = try launch(["sync"], on: node, death: sentence?.death)
        let ending = try process.ending()
        if let sentence { note(ending, sentence.victim) }
        switch ending {
        case .ended(0): return true
        // The parent died, or has not yet seen that this node did.
        case .ended(EX_TEMPFAIL): return false
        case .ended(let code):
            throw Mortal.Unexpected(description: "simpul sync on \(node) ended with \(code): \(process.errors)")
        case .died: return false
        }
    }

    /// Syncs from below to the top and down again until everybody agrees.
    private func reach(agreement rounds: Int) throws {
        for _ in 0..<rounds {
            try keepServers()
            var isAgreed = true
            for node in villages.map(\.name) + [hub] + villages.map(\.name) where try !sync(node) { isAgreed = false }
            if isAgreed { return }
        }
        findings.append("no agreement after \(rounds) rounds")
    }

    /// Another day for all: servers write a line the first time they hear of a child that day.
    private func nextDay() throws {
        day += 1
        let moment = String(format: "2026-%02d-%02dT08:00:00+07:00\n", 7 + day / 28, 1 + day % 28)
        try Data(moment.utf8).write(to: URL(fileURLWithPath: scratch.path + "/clock"), options: .atomic)
    }

    // MARK: - Processes

    private func launch(
        _ arguments: [String], on node: String, input: String? = nil, death: Death? = nil
    ) throws -> Mortal {
        launched += 1
        return try Mortal(
            arguments, files: scratch.path + "/\(launched)", input: input,
            environment: ["SIMPUL_FOLDER": folder(node), "SIMPUL_CLOCK": scratch.path + "/clock"], death: death)
    }

    /// Runs what must end well.
    @discardableResult
    func succeed(_ arguments: [String], on node: String) throws -> String {
        let process = try launch(arguments, on: node)
        guard try process.ending() == .ended(0) else {
            throw Mortal.Unexpected(description: "simpul \(arguments) on \(node): \(process.output)\(process.errors)")
        }
        return process.output
    }

    private func join(_ node: String, region: String, role: String, to parent: String) throws {
        let url = "http://127.0.0.1:\(ports[parent] ?? 0)"
        let code = try succeed(["invite", node, "--region", region, "--role", role, "--url", url], on: parent)
        try succeed(["init", "--invite", code.trimmingCharacters(in: .newlines)], on: node)
    }

    /// Starts a server and waits until it listens. False when it died before.
    @discardableResult
    private func serve(_ node: String, _ death: Death?) throws -> Bool {
        let portFile = scratch.path + "/\(launched + 1).port"
        let server = try launch(
            ["serve", "--port", "\(ports[node] ?? 0)", "--port-file", portFile], on: node, death: death)
        servers[node] = server
        let start = ContinuousClock.now
        while server.isRunning {
            if FileManager.default.contents(atPath: portFile)?.last == UInt8(ascii: "\n") { return true }
            guard start.duration(to: .now) < .seconds(60) else { break }
            usleep(2_000)
        }
        guard server.death != nil else {
            throw Mortal.Unexpected(description: "\(node) does not serve: \(server.errors)")
        }
        return false
    }

    /// A port that the kernel gives to nobody by itself, so that a restarted server finds it free.
    private static func freePort() throws -> Int {
        for _ in 0..<100 {
            let port = Int.random(in: 12_000...32_000)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            let bound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if bound == 0 { return port }
        }
        throw Mortal.Unexpected(description: "no free port")
    }
}
