import Event

/// Which region codes took the place of which, by a day: what turns what was recorded under old codes into the edition
/// in force that day.
struct RegionSuccessions {
    static let model = "region_successions"
    /// A code is not renamed more often than this.
    private static let longestChain = 32

    private struct Succession {
        var codes: [RegionCode]
    }

    private var successions: [RegionCode: Succession] = [:]
    /// How many codes a code took the place of.
    private var sources: [RegionCode: Int] = [:]

    /// - Parameter day: later ones are not in force yet.
    init(_ connection: SQLConnection, schema: String, on day: LocalDay) throws {
        let rows = try connection.rows(
            """
            SELECT old_code, new_code FROM \(schema).\(Self.model) WHERE effective_on <= ? ORDER BY old_code, new_code
            """, .text(day.description))
        for row in rows {
            guard let old = row[0].text.flatMap({ try? RegionCode($0) }),
                let new = row[1].text.flatMap({ try? RegionCode($0) })
            else { continue }
            successions[old, default: Succession(codes: [])].codes.append(new)
        }
        for succession in successions.values where succession.codes.count == 1 {
            sources[succession.codes[0], default: 0] += 1
        }
    }

    /// Where a count recorded under a code belongs in this edition.
    struct Place: Hashable {
        let code: RegionCode
        /// The code was divided, and what was recorded under it cannot be told apart: it stays under the old code.
        let isUnassigned: Bool
    }

    func place(of recorded: RegionCode) -> Place {
        var code = recorded
        var seen: Set<RegionCode> = []
        for _ in 0..<Self.longestChain {
            guard seen.insert(code).inserted, let next = step(code) else {
                return Place(code: code, isUnassigned: false)
            }
            guard let next = next.code else { return Place(code: code, isUnassigned: true) }
            code = next
        }
        return Place(code: code, isUnassigned: false)
    }

    /// Nil where nothing took the code's place; without a code where several did.
    private func step(_ code: RegionCode) -> (code: RegionCode?, Void)? {
        if let own = successions[code] { return (own.codes.count == 1 ? own.codes[0] : nil, ()) }
        // A district or regency that was renamed takes its villages along.
        var above = code.parent
        while let region = above {
            if let succession = successions[region] {
                guard succession.codes.count == 1 else { return (nil, ()) }
                let new = succession.codes[0]
                // Of two that became one the villages' own numbers may be the same: the whole is all that is certain.
                guard new.level == region.level, sources[new] == 1,
                    let moved = try? RegionCode(new.description + code.description.dropFirst(region.description.count))
                else { return (new, ()) }
                return (moved, ())
            }
            above = region.parent
        }
        return nil
    }
}
