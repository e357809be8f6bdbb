import Event
import Store
import Synchronization

/// The persons this node serves, with their names, in memory only: names are decrypted when the pages start and
/// are never written anywhere.
public final class PersonBook: Sendable {
    static let registered = "person.registered"
    static let merge = "person.merged"

    private struct State {
        var cards: [String: PersonCard] = [:]
        var marks: [String: PersonMarks] = [:]
        /// Of those found to be registered twice: who she is kept as.
        var merged: [String: String] = [:]
        var merges = 0
        /// Registrations whose key has not come yet.
        var locked: [RecordKey] = []
        /// What keys there were when they were last tried.
        var keys: PersonKeyStore.Mark?
        /// Orders of erasure obeyed so far: the names of those persons must go from memory too.
        var orders = 0
        /// Keys given up so far, when persons moved away: likewise.
        var givenUp = 0
        var registrations = 0
        var corrections = 0
        var retractions = 0
        var generation: Int64 = 0
    }

    private let index: RecordIndex
    private let reader: RecordReader
    private let state = Mutex(State())

    init(index: RecordIndex, reader: RecordReader) {
        self.index = index
        self.reader = reader
    }

    /// Takes up registrations, corrections of them, and keys that came since the last call.
    public func refresh() throws {
        try Readings.quietly { try takeUp() }
    }

    private func takeUp() throws {
        try state.withLock { state in
            if state.generation != index.generation {
                state = State()
                state.generation = index.generation
            }
            let new = index.ofType(Self.registered, from: state.registrations)
            let corrected = index.ofType(RecordReader.corrected, from: state.corrections)
            let retracted = index.ofType(RecordReader.retracted, from: state.retractions)
            let changed = try (corrected.entries + retracted.entries).compactMap { try target(of: $0) }
            let waiting = try takeLocked(&state)
            let orders = index.ofType("privacy.erasure_ordered", from: state.orders)
            let givenUp = index.ofType("dossier.given_up", from: state.givenUp)
            let gone = (orders.entries + givenUp.entries).compactMap { state.cards[$0.subject]?.registration }
            // Of those who withdrew something or whose consent ends one day: few, and looked at anew each time.
            let restricted = index.restricted().compactMap { state.cards[$0]?.registration }
            for key in new.entries.map(\.key) + changed + waiting + gone + restricted { try take(key, into: &state) }
            try takeMerges(&state, again: !retracted.entries.isEmpty)
            state.orders = orders.next
            state.givenUp = givenUp.next
            state.registrations = new.next
            state.corrections = corrected.next
            state.retractions = retracted.next
        }
    }

    /// Registrations to try again. Every page calls for this, and some keys never come: nothing is read for them
    /// before the keys are others.
    private func takeLocked(_ state: inout State) throws -> [RecordKey] {
        let keys = try reader.keyring.mark()
        guard state.keys != keys else { return [] }
        state.keys = keys
        defer { state.locked = [] }
        return state.locked
    }

    private func target(of entry: IndexEntry) throws -> RecordKey? {
        guard let change = try reader.record(entry.key),
            let target = change.data["target"]?.stringValue.flatMap(RecordKey.init),
            index.entry(target)?.type == Self.registered
        else { return nil }
        return target
    }

    private func take(_ key: RecordKey, into state: inout State) throws {
        guard let record = try reader.record(key) else { return }
        let card = PersonCard(record)
        if record.personal == .unreadable(.noKey), !state.locked.contains(key) { state.locked.append(key) }
        guard !record.isRetracted else {
            if state.cards[card.id]?.registration == key {
                state.cards[card.id] = nil
                state.marks[card.id] = nil
            }
            return
        }
        // Registered twice (two laptops): the one that can be read, else the first.
        if let present = state.cards[card.id], present.registration != key, present.name != nil { return }
        state.cards[card.id] = card
        state.marks[card.id] = PersonMarks(record.data)
    }

    /// Few, and one may be taken back: read anew when one comes or anything is retracted.
    private func takeMerges(_ state: inout State, again: Bool) throws {
        let merges = index.ofType(Self.merge)
        guard again || merges.count != state.merges else { return }
        state.merges = merges.count
        state.merged = [:]
        for entry in merges.sorted(by: IndexEntry.recordedBefore) {
            guard let record = try reader.record(entry.key), !record.isRetracted,
                let absorbed = record.data["absorbed_id"]?.stringValue,
                let survivor = record.data["survivor_id"]?.stringValue
            else { continue }
            state.merged[absorbed] = survivor
        }
    }

    /// Who a person is kept as; nil for who was never found to be registered twice.
    public func keptAs(_ id: String) -> String? {
        state.withLock { state in
            var (kept, seen) = (id, Set([id]))
            // Two hubs may have merged them in a ring: it ends where it began.
            while let next = state.merged[kept], seen.insert(next).inserted { kept = next }
            return kept == id ? nil : kept
        }
    }

    /// Under which other registrations the same person stands.
    public func absorbed(by id: String) -> [String] {
        state.withLock { $0.merged.keys.sorted() }.filter { keptAs($0) == id }
    }

    /// Pairs that may be one person each, and were not merged yet.
    public func likenesses() -> [Likeness] {
        let cards = state.withLock { state in
            state.cards.values.filter { state.merged[$0.id] == nil }.map { card in
                (card: card, marks: state.marks[card.id] ?? PersonMarks([:]))
            }
        }
        let order = Dictionary(
            index.ofType(Self.registered).enumerated().map { ($0.element.key, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        return Likeness.pairs(
            among: cards.sorted {
                (order[$0.card.registration] ?? 0, $0.card.id) < (order[$1.card.registration] ?? 0, $1.card.id)
            })
    }

    public func card(_ id: String) -> PersonCard? { state.withLock { $0.cards[id] } }

    /// Everyone once, by name; those without a readable name last.
    public func all() -> [PersonCard] {
        state.withLock { state in state.cards.values.filter { state.merged[$0.id] == nil } }.sorted {
            ($0.name == nil ? 1 : 0, $0.name ?? "", $0.id) < ($1.name == nil ? 1 : 0, $1.name ?? "", $1.id)
        }
    }

    /// Persons whose name or nickname has words beginning as typed; everyone for an empty search.
    public func find(_ text: String) -> [PersonCard] {
        let search = NameSearch(text)
        guard !search.isEmpty else { return all() }
        return all().filter { search.matches([$0.name, $0.alias].compactMap(\.self)) }
    }
}
