import Event
import ReadModels
import Store

/// How far an erasure has come, from the read models.
public struct ErasureState: Sendable {
    /// A node that must carry it out.
    public struct Step: Sendable {
        public let node: String
        /// `confirmed`, `revoked`, `late`, `silent` or `waiting`.
        public let state: String
        /// RFC 3339.
        public let confirmedAt: String?
        /// Local date.
        public let lastContact: String?

        /// Nothing more comes of it: done, or the node gets no order any more.
        public var isOver: Bool { ["confirmed", "revoked"].contains(state) }
    }

    public let person: String
    /// `requested`, `ordered` or `refused`.
    public let status: String
    /// When the clock of 72 hours started: with the request, else with the order. RFC 3339.
    public let clockStarted: String?
    /// Below 0: past it.
    public let hoursLeft: Int64?
    public let steps: [Step]

    /// Nothing is left to do.
    public var isDone: Bool {
        status == "refused" || (status == "ordered" && steps.allSatisfy(\.isOver))
    }
}

extension Node {
    private static let hours: Int64 = 72

    /// Erasures that were asked for or ordered, of this node's region.
    ///
    /// - Parameters:
    ///   - person: only hers.
    ///   - reader: who asks; without a grant for the topic `requests` the models refuse.
    public func erasureProgress(of person: String? = nil, reader: Reader) throws -> [ErasureState] {
        let now = moment
        let today = LocalDay(milliseconds: now.milliseconds, offsetMinutes: now.offsetMinutes)
        let filters = person.map { [Filter("person", .equal, .text($0))] } ?? []
        let ask = { (model: String) in
            try self.modelReader.query(
                ModelQuery(
                    model, filters: filters, limit: 10_000, scope: self.own.region, reader: reader,
                    today: today))
        }
        let (all, steps) = (try ask("erasures"), try ask("erasure_progress"))
        return all.rows.indices.map { index in
            let id = all[index, "person"]?.text ?? ""
            let start = all[index, "requested_at"]?.text ?? all[index, "ordered_at"]?.text
            return ErasureState(
                person: id, status: all[index, "status"]?.text ?? "", clockStarted: start,
                hoursLeft: start.flatMap(DateTime.init).map {
                    Self.hours - (now.milliseconds - $0.milliseconds) / 3_600_000
                },
                steps: steps.rows.indices.filter { steps[$0, "person"]?.text == id }.map { row in
                    ErasureState.Step(
                        node: steps[row, "node"]?.text ?? "", state: steps[row, "state"]?.text ?? "",
                        confirmedAt: steps[row, "confirmed_at"]?.text, lastContact: steps[row, "last_contact"]?.text)
                })
        }
    }
}
