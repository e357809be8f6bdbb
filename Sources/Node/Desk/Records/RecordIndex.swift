import Catalogue
import Event
import ReadModels
import Store
import Synchronization
import TransparencyLog

/// Finds records by what they are about, in memory.
///
/// It reads the intake log on from where it stood, so a line is found whoever stored it: these pages, the sync daemon,
/// a command. Ten years of a village are 13,000 lines, read in well under a second; lines that cannot be understood
/// are counted and left to the read models to explain.
public final class RecordIndex: Sendable {
    private struct State {
        var cut: Int64 = 0
        var entries: [IndexEntry] = []
        var place: [RecordKey: Int] = [:]
        /// By UUID of whatever a record is about.
        var about: [String: [Int]] = [:]
        var ofType: [String: [Int]] = [:]
        /// By the record that others refer to: corrections, retractions, answers.
        var referring: [LineReference: [Int]] = [:]
        /// Persons who withdrew a consent, or whose consent ends one day.
        var restricted: Set<String> = []
        var unreadable = 0
        /// How many early lines had turned out to be others when it was read.
        var replaced: Int64 = 0
    }

    /// Runs of one read of the intake log.
    private static let runsAtOnce = 512

    private let store: LogStore
    private let links: RecordLinks
    private let state = Mutex(State())

    public init(store: LogStore, catalogue: Catalogue) {
        self.store = store
        links = RecordLinks(catalogue: catalogue)
    }

    /// Takes in what was stored since the last call.
    public func refresh() throws {
        let replaced = try store.replacedEarly()
        try state.withLock { state in
            if state.replaced != replaced {
                state = State()
                state.replaced = replaced
            }
            while true {
                let runs = try store.intake(after: state.cut, limit: Self.runsAtOnce)
                guard let last = runs.last else { return }
                for run in runs where run.log.audience != .local {
                    let lines = try store.lines(run.log, branch: run.branch, from: run.first, through: run.last)
                    for (offset, bytes) in lines.enumerated() {
                        let key = RecordKey(log: run.log, sequence: run.first + Int64(offset), branch: run.branch)
                        try add(bytes, at: key, to: &state)
                    }
                }
                state.cut = last.cut
            }
        }
    }

    private func add(_ bytes: [UInt8], at key: RecordKey, to state: inout State) throws {
        guard state.place[key] == nil else { return }
        guard let line = try? EventLine(parsing: bytes) else {
            // Parked by the read models, which say why; here there is nothing to show of it.
            state.unreadable += 1
            return
        }
        let position = state.entries.count
        state.entries.append(
            IndexEntry(
                key: key,
                reference: try LineReference(
                    log: key.log, sequence: key.sequence, leafHash: Hash.leaf(bytes).bytes),
                type: line.type, subject: line.subject, occurredAt: line.occurredAt,
                hybridTime: line.hybridTime, recorded: line.time.milliseconds, region: line.region))
        state.place[key] = position
        state.ofType[line.type, default: []].append(position)
        let endsSomeDay = line.type == "privacy.consent_granted" && line.data["expires_on"] != nil
        if endsSomeDay || line.type == "privacy.consent_withdrawn" { state.restricted.insert(line.subject) }
        for identifier in links.identifiers(in: line) { state.about[identifier, default: []].append(position) }
        for reference in links.references(in: line) { state.referring[reference, default: []].append(position) }
    }
}

extension RecordIndex {
    /// Records that name `identifier` as subject or in their data, oldest first.
    public func about(_ identifier: String) -> [IndexEntry] {
        entries { $0.about[identifier] }.sorted(by: IndexEntry.happenedBefore)
    }

    /// Records of a type, in order of arrival.
    public func ofType(_ type: String) -> [IndexEntry] {
        entries { $0.ofType[type] }
    }

    /// Records of a type from position `offset` on, and the offset to go on from.
    func ofType(_ type: String, from offset: Int) -> (entries: [IndexEntry], next: Int) {
        state.withLock { state in
            let all = state.ofType[type] ?? []
            return (all.dropFirst(offset).map { state.entries[$0] }, all.count)
        }
    }

    /// Records that refer to `key`, in the order in which corrections apply.
    public func referring(to key: RecordKey) -> [IndexEntry] {
        entries { state in state.place[key].flatMap { state.referring[state.entries[$0].reference] } }.filter {
            ![RecordReader.corrected, RecordReader.retracted].contains($0.type)
                || AmendmentRule.mayAmend($0.key.log, key.log)
        }.sorted(by: IndexEntry.recordedBefore)
    }

    /// Whether a person's consent has to be looked at before identity is shown.
    func isRestricted(_ person: String) -> Bool { state.withLock { $0.restricted.contains(person) } }

    func restricted() -> Set<String> { state.withLock { $0.restricted } }

    public func entry(_ key: RecordKey) -> IndexEntry? {
        state.withLock { state in state.place[key].map { state.entries[$0] } }
    }

    /// Another number: what was read of it before may be of lines that are no longer here.
    var generation: Int64 { state.withLock { $0.replaced } }

    /// Lines taken in.
    public var count: Int { state.withLock { $0.entries.count } }

    private func entries(_ positions: (State) -> [Int]?) -> [IndexEntry] {
        state.withLock { state in (positions(state) ?? []).map { state.entries[$0] } }
    }
}
