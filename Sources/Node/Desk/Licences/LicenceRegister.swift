import Event
import Synchronization

/// The centre's list of placement companies (P3MI) as far as it has come here: for checking a recruiter offline.
public final class LicenceRegister: Sendable {
    static let recorded = "p3mi.licence_recorded"

    private struct State {
        /// How many records of the three kinds the list was made from.
        var sizes: [Int] = []
        var companies: [Company] = []
        var newest: Int64?
    }

    private let index: RecordIndex
    private let reader: RecordReader
    private let state = Mutex(State())

    init(index: RecordIndex, reader: RecordReader) {
        self.index = index
        self.reader = reader
    }

    /// Takes up what came since the last call.
    func refresh() throws {
        let entries = index.ofType(Self.recorded)
        let sizes = [
            entries.count, index.ofType(RecordReader.corrected).count, index.ofType(RecordReader.retracted).count,
        ]
        guard state.withLock({ $0.sizes != sizes }) else { return }
        let records = try reader.records(entries).filter { !$0.isRetracted }
        let companies = Dictionary(grouping: records, by: \.line.subject).map { Company(id: $0.key, records: $0.value) }
        state.withLock { state in
            state.sizes = sizes
            state.companies = companies.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            state.newest = entries.map(\.recorded).max()
        }
    }

    /// All companies, by name.
    public func companies() -> [Company] { state.withLock { $0.companies } }

    /// When the centre wrote the newest entry that is here, in milliseconds since 1970; nil: the list is empty.
    public var newest: Int64? { state.withLock { $0.newest } }

    /// Companies one of whose names has words beginning as typed.
    public func find(_ text: String) -> [Company] {
        let search = NameSearch(text)
        guard !search.isEmpty else { return [] }
        return companies().filter { search.matches($0.names) }
    }
}
