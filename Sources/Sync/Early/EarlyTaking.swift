import Event

/// The client's side of early lines: asks for them, and takes what it asked for.
struct EarlyTaking {
    let store: any ExchangeStore
    let region: RegionCode
    let parent: NodeName
    /// Wanted until both hold the same; 0: none are asked for.
    var bytes: Int64 = 0
    /// Of them, what the answer under way may still bring.
    private var left: Int64 = 0

    init(store: any ExchangeStore, region: RegionCode, parent: NodeName) {
        self.store = store
        self.region = region
        self.parent = parent
    }

    /// What the hello says of it.
    mutating func ask() throws -> EarlyAsk? {
        left = 0
        guard bytes > 0 else { return nil }
        let (have, taken) = try store.earlyHeld()
        guard taken < bytes, have.count <= Limits.earlyLogs,
            have.values.allSatisfy({ $0.ranges.count <= Limits.earlyRanges })
        else { return nil }
        left = bytes - taken
        return EarlyAsk(max: left, have: have)
    }

    /// Takes the early lines of a control frame, as long as they were asked for. What is wrong with one is noted for its
    /// log; the log itself comes all the same.
    ///
    /// - Returns: how many are new.
    mutating func take(_ records: [JSON], refused: (LogName, RefusedRecord) -> Void) throws -> Int {
        var lines: [EarlyLine] = []
        for record in records where record["early"] != nil && left > 0 {
            do {
                let line = try EarlyLine(json: record)
                left -= Int64(line.bytes.count)
                lines.append(line)
            } catch {
                guard let place = record["early"]?.stringValue.flatMap({ try? LineReference($0) }) else { continue }
                refused(
                    place.log,
                    RefusedRecord(code: error.code, log: place.log, from: place.sequence, detail: error.detail))
            }
        }
        return lines.isEmpty ? 0 : try store.save(lines, scope: region, from: parent)
    }

    /// Both hold the same.
    func end() throws { if bytes > 0 { try store.endEarly() } }
}
