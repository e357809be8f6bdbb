import Event
import Foundation

/// Someone with an analyst's login and a lot of time, who knows how statistics are released, which villages there are,
/// and that departures are counted by village, month and status. They ask for everything that they may at every cut, in
/// every form, and solve for the small cells.
struct Attacker {
    /// A cell that is not to be known: departures of a village in a month with a status, as known at a cut.
    struct Secret: Hashable {
        var village: String
        var month: String
        var status: String
        var cut: Int64
    }

    static let statuses = ["procedural", "non_procedural", "suspected", "unknown"]

    let server: QueryServer
    let login: String
    let villages: [String]
    let months: [String]

    /// What was found: cells of fewer than five with their value, and differences of fewer than five between moments.
    struct Loot {
        var cells: [Secret: Int64] = [:]
        var differences: [String] = []
        var requests = 0
        var rows = 0
    }

    private struct Row {
        var model: String
        var values: [String: JSON]

        func text(_ name: String) -> String? { values[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
    }

    func attack() async throws -> Loot {
        var loot = Loot()
        let list = try await server.get("/q/v1/models", as: login).json()
        let models = list["models"]?.arrayValue ?? []
        let last = list["cut"]?.intValue ?? 0
        var before: [Row] = []
        for cut in 0...last {
            var rows: [Row] = []
            for model in models {
                rows += try await self.rows(model, at: cut, &loot)
            }
            loot.differences += differences(before, rows, cut)
            loot.cells.merge(solve(rows, cut)) { $1 }
            before = rows
        }
        try await probe(models, &loot)
        return loot
    }

    // MARK: - Asking

    /// All pages of a model at a cut, once whole and once in the smallest pages: both must tell the same.
    private func rows(_ model: JSON, at cut: Int64, _ loot: inout Loot) async throws -> [Row] {
        let name = model["name"]?.stringValue ?? ""
        var address: String? = "/q/v1/models/\(name)?limit=50&as_of_cut=\(cut)"
        var rows: [Row] = []
        while let path = address {
            let reply = try await server.get(path, as: login)
            loot.requests += 1
            guard reply.status == 200 else { return rows }
            let json = try reply.json()
            for row in json["rows"]?.arrayValue ?? [] {
                let values = (row.objectValue ?? []).map { ($0.key, $0.value) }
                rows.append(Row(model: name, values: Dictionary(uniqueKeysWithValues: values)))
            }
            address = json["next_page"]?.stringValue.map {
                "/q/v1/models/\(name)?limit=50&as_of_cut=\(cut)&cursor=\($0)"
            }
        }
        loot.rows += rows.count
        return rows
    }

    /// Everything else that is there to ask: filters by size, order, totals, explanations, other forms. What a plain
    /// question would not have told must not come out here; numbers of one to four are looked for in all of it.
    private func probe(_ models: [JSON], _ loot: inout Loot) async throws {
        for model in models {
            let name = model["name"]?.stringValue ?? ""
            let columns = model["columns"]?.arrayValue ?? []
            for column in columns {
                guard let measure = column["name"]?.stringValue, Self.counts.contains(measure) else { continue }
                for filter in ["\(measure).ge=1&\(measure).lt=5", "\(measure)=1,2,3,4"] {
                    for format in ["json", "csv", "ndjson", "table"] {
                        let path = "/q/v1/models/\(name)?\(filter)&sort=\(measure)&limit=1&format=\(format)"
                        let reply = try await server.get(path, as: login)
                        loot.requests += 1
                        if format == "json", reply.status == 200, let rows = try reply.json()["rows"]?.arrayValue,
                            !rows.isEmpty
                        {
                            loot.differences.append("\(name)?\(filter) has rows")
                        }
                        if format == "csv", reply.status == 200, reply.text.split(separator: "\r\n").count > 1 {
                            loot.differences.append("\(name)?\(filter) has records")
                        }
                    }
                }
            }
        }
    }

    /// Columns that count persons.
    private static let counts = Set(["persons", "departures"] + statuses)

    // MARK: - Differences in time

    /// Rows of counts that changed by one to four persons, or came or went with as few.
    private func differences(_ before: [Row], _ after: [Row], _ cut: Int64) -> [String] {
        func counts(_ rows: [Row]) -> [String: Int64] {
            var counts: [String: Int64] = [:]
            for row in rows {
                for name in Self.counts {
                    guard let value = row.values[name]?.intValue else { continue }
                    let key = row.values.filter { $0.value.stringValue != nil }.map {
                        "\($0.key)=\($0.value.stringValue ?? "")"
                    }
                    counts["\(row.model) \(key.sorted().joined(separator: " ")) \(name)"] = value
                }
            }
            return counts
        }
        let (old, new) = (counts(before), counts(after))
        return Set(old.keys).union(new.keys).compactMap { key in
            let change = abs((new[key] ?? 0) - (old[key] ?? 0))
            return (1...4).contains(change) ? "\(key) changed by \(change) at \(cut)" : nil
        }
    }

    // MARK: - Solving

    /// Bounds of every cell, drawn together by all that was learned at a cut.
    private func solve(_ rows: [Row], _ cut: Int64) -> [Secret: Int64] {
        var solver = IntervalSolver()
        for village in villages {
            for month in months { for status in Self.statuses { solver.add("\(village) \(month) \(status)") } }
        }
        for row in rows {
            guard let month = row.text("month") ?? row.text("period"), months.contains(month) else { continue }
            func cells(_ statuses: [String]) -> [String] {
                self.villages(of: row).flatMap { village in statuses.map { "\(village) \(month) \($0)" } }
            }
            guard !self.villages(of: row).isEmpty else { continue }
            if row.text("series") == "departures", let persons = row.values["persons"]?.intValue {
                // At least so many of them are of these cells, less at most four that are not withdrawn yet.
                let statuses = row.text("category").map { $0 == "all" ? Self.statuses : [$0] } ?? Self.statuses
                solver.sum(cells(statuses), max(0, persons - 4)...IntervalSolver.most)
                continue
            }
            var told: [([String], JSON?)] = Self.statuses.map { ([$0], row.values[$0]) }
            told.append((Self.statuses, row.values["departures"]))
            for (names, value) in told {
                if let value = value?.intValue {
                    solver.sum(cells(names), value...value)
                } else if value == .null {
                    // Blanked because it is small.
                    solver.sum(cells(names), 0...4)
                }
            }
        }
        boundByListing(rows, &solver)
        boundByRelease(rows, &solver)
        solver.run()
        var found: [Secret: Int64] = [:]
        for village in villages {
            for month in months {
                for status in Self.statuses {
                    guard let value = solver.value("\(village) \(month) \(status)"), (1...4).contains(value) else {
                        continue
                    }
                    found[Secret(village: village, month: month, status: status, cut: cut)] = value
                }
            }
        }
        return found
    }

    private func villages(of row: Row) -> [String] {
        villages.filter { village in
            if let own = row.text("village") { return own == village }
            let wide = row.text("regency") ?? row.text("region")
            return wide.map { $0 == "id" || $0 == village || village.hasPrefix($0 + ".") } ?? false
        }
    }

    /// A model that lists villages by month has no row where nobody left.
    private func boundByListing(_ rows: [Row], _ solver: inout IntervalSolver) {
        for model in Set(rows.filter { $0.text("village") != nil && $0.text("month") != nil }.map(\.model)) {
            for village in villages {
                for month in months
                where !rows.contains(where: {
                    $0.model == model && $0.text("village") == village && $0.text("month") == month
                }) {
                    for status in Self.statuses { solver.sum(["\(village) \(month) \(status)"], 0...0) }
                }
            }
        }
    }

    /// Of a cell at most four wait, beside those who stand in wider cells.
    private func boundByRelease(_ rows: [Row], _ solver: inout IntervalSolver) {
        let released = rows.filter { $0.text("series") == "departures" && $0.text("category") != nil }
        guard !released.isEmpty else { return }
        for village in villages {
            for month in months {
                for status in Self.statuses {
                    let possible = released.filter { row in
                        row.text("period") == month && [status, "all"].contains(row.text("category"))
                            && villages(of: row).contains(village)
                    }.reduce(Int64(0)) { $0 + ($1.values["persons"]?.intValue ?? 0) }
                    solver.sum(["\(village) \(month) \(status)"], 0...(possible + 4))
                }
            }
        }
    }
}

/// Whole numbers from 0 up, known by sums of some of them; each sum narrows the bounds of its parts by the bounds of the
/// others, until nothing moves.
struct IntervalSolver {
    static let most: Int64 = 1_000_000
    private var bounds: [String: ClosedRange<Int64>] = [:]
    private var sums: [(parts: [String], range: ClosedRange<Int64>)] = []

    mutating func add(_ name: String) { bounds[name] = 0...Self.most }

    /// The parts together are in a range.
    mutating func sum(_ parts: [String], _ range: ClosedRange<Int64>) { sums.append((parts, range)) }

    mutating func run() {
        var moved = true
        while moved {
            moved = false
            for (parts, range) in sums {
                let ranges = parts.compactMap { bounds[$0] }
                let low = ranges.reduce(0) { $0 + $1.lowerBound }
                let high = ranges.reduce(0) { $0 + $1.upperBound }
                for part in parts {
                    guard let own = bounds[part] else { continue }
                    let least = max(own.lowerBound, range.lowerBound - (high - own.upperBound))
                    let greatest = min(own.upperBound, range.upperBound - (low - own.lowerBound))
                    guard least <= greatest, least...greatest != own else { continue }
                    bounds[part] = least...greatest
                    moved = true
                    // The sums above are of the bounds before; the next round takes up the new ones.
                    break
                }
            }
        }
    }

    func value(_ name: String) -> Int64? {
        bounds[name].flatMap { $0.lowerBound == $0.upperBound ? $0.lowerBound : nil }
    }
}
