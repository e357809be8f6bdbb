import Event

/// A record with all corrections and retractions that bear on it, and those that bear on them.
struct AmendmentTree {
    struct Node {
        var fact: LineFact
        var retracts: Bool
        /// Corrections and retractions of this line, in the order of meaning.
        var amendments: [Node]
    }

    /// Corrections of one line beyond this many are parked: each is applied at each cut, and a person who needs
    /// hundreds should retract and write anew.
    static let limit = 256
    /// Undoing an undoing has an end.
    static let maximumDepth = 16

    var root: Node
    /// Amendments that cannot apply, and why.
    var refused: [(line: Int64, reason: ParkReason, detail: String)] = []
    /// Amendments that can.
    var accepted: [Int64] = []

    init(root line: Int64, connection: SQLConnection, finder: LineFinder) throws {
        let fact = try finder.fact(line)
        root = Node(fact: fact, retracts: false, amendments: [])
        root.amendments = try amendments(of: fact, depth: 0, connection: connection, finder: finder)
    }

    private mutating func amendments(
        of target: LineFact, depth: Int, connection: SQLConnection, finder: LineFinder
    ) throws -> [Node] {
        let rows = try connection.rows(
            "SELECT line, lower(hex(target_hash)), retracts FROM amendment WHERE target_log = ? AND target_seq = ? ORDER BY line",
            .integer(target.mainID), .integer(target.sequence))
        guard !rows.isEmpty else { return [] }
        let hash = LineFact.leafHash(target.bytes)
        var nodes: [Node] = []
        for row in rows {
            guard let line = row[0].integer else { continue }
            // Of a line of another history at the same place.
            if !Mistake.correctionBySequence.isPlanted, let wanted = row[1].text, wanted != LineFact.text(hash),
                try finder.isElsewhere(wanted, target)
            {
                continue
            }
            let fact = try finder.fact(line)
            if let refusal = Self.refusal(of: fact, target: target, hash: hash, depth: depth) {
                refused.append((line, refusal.0, refusal.1))
            } else {
                nodes.append(Node(fact: fact, retracts: row[2] == 1, amendments: []))
            }
        }
        nodes.sort { $0.fact.precedes($1.fact) }
        for node in nodes.dropFirst(Self.limit) {
            refused.append((node.fact.line, .tooManyVersions, "The line has \(nodes.count) corrections."))
        }
        nodes = Array(nodes.prefix(Self.limit))
        for index in nodes.indices {
            accepted.append(nodes[index].fact.line)
            nodes[index].amendments = try amendments(
                of: nodes[index].fact, depth: depth + 1, connection: connection, finder: finder)
        }
        return nodes
    }

    private static func refusal(
        of amendment: LineFact, target: LineFact, hash: [UInt8], depth: Int
    ) -> (ParkReason, String)? {
        guard let text = amendment.event?.data["target"]?.stringValue, let reference = try? LineReference(text),
            reference.leafHash == hash || Mistake.correctionBySequence.isPlanted
        else { return (.targetDiffers, "The line at that place has another hash.") }
        guard depth < maximumDepth else { return (.tooManyVersions, "It undoes an undoing too often.") }
        guard AmendmentRule.mayAmend(amendment.log.log, target.log.log) else {
            return (
                .notAllowed,
                "Written for \(amendment.log.log.audience), it cannot change what was written for "
                    + "\(target.log.log.audience)."
            )
        }
        return nil
    }
}

extension AmendmentTree.Node {
    /// The cuts at which something about this line became known.
    func cuts() -> Set<Int64> {
        amendments.reduce(into: Set([fact.cut] + fact.quarantineCuts)) { $0.formUnion($1.cuts()) }
    }

    /// Whether the line is retracted, as known at a cut.
    func isRetracted(at cut: Int64) -> Bool {
        amendments.contains { $0.retracts && $0.fact.stands(at: cut) && !$0.isRetracted(at: cut) }
    }

    /// Corrections that apply at a cut, in the order of meaning.
    func corrections(at cut: Int64) -> [AmendmentTree.Node] {
        amendments.filter { !$0.retracts && $0.fact.stands(at: cut) && !$0.isRetracted(at: cut) }
    }

    /// The payload with its corrections, as known at a cut.
    func data(at cut: Int64) -> JSON {
        let own = fact.event?.data ?? .object([])
        return corrections(at: cut).reduce(own) { data, correction in
            guard let patch = correction.data(at: cut)["patch"] else { return data }
            return data.merging(patch: patch.setting("occurredat", to: nil))
        }
    }
}
