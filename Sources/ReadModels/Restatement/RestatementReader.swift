import Event

extension ModelReader {
    /// Published figures whose value has changed since, with the lines that changed them.
    ///
    /// The lines can be told only where the figure was published: its cut is one of that node's intake.
    /// - Parameters:
    ///   - scope: only figures about this region or one in it; they are computed from all that is here.
    ///   - reader: sees those of models whose rows are all theirs. The lines name no subject.
    ///   - intake: where the bytes of lines are, for their hashes.
    public func restatements(
        scope: RegionCode, reader: Reader, today: LocalDay, intake: any IntakeReader
    ) throws -> [Restatement] {
        let newest = try cut
        let figures = try read([WellKnown.figures]) { context in
            try PublishedFigure.all(context).filter { $0.isAbout(scope, context) && $0.isFor(reader, context) }
        }
        return try figures.compactMap { figure in
            let now = try state(of: figure, asOf: .now, today: today)
            guard now.value != figure.value else { return nil }
            // By the versions it was published from, while they are here.
            let versions = try read { $0.registry.has(figure.versions) } ? figure.versions : [:]
            let then =
                figure.cut <= newest
                ? try state(of: figure, asOf: AsOf(cut: figure.cut), versions: versions, today: today) : now
            return try restatement(of: figure, then: then, now: now, intake: intake)
        }
    }

    private struct FigureState {
        var value: ModelValue
        /// By line: its version, and where it is.
        var versions: [Int64: Explainer.Evidence]
    }

    private func state(
        of figure: PublishedFigure, asOf: AsOf, versions: [String: Int] = [:], today: LocalDay
    ) throws -> FigureState {
        try read([figure.model], asOf: asOf, versions: versions) { context in
            let model = try context.registry.model(figure.model)
            let compiler = try QueryCompiler(figure.query(today: today), model: model, registry: context.registry)
            let explainer = Explainer(context: context)
            var versions: [Int64: Explainer.Evidence] = [:]
            for key in try compiler.keys(context.connection) {
                for item in try explainer.evidence(model, key: key) {
                    versions[item.ev >> EngineSchema.versionBits] = item
                }
            }
            return FigureState(
                value: try figure.value(in: context, today: today), versions: versions)
        }
    }

    private func restatement(
        of figure: PublishedFigure, then: FigureState, now: FigureState, intake: any IntakeReader
    ) throws -> Restatement {
        let changed = Set(then.versions.keys).union(now.versions.keys)
            .filter { then.versions[$0] != now.versions[$0] }.sorted()
        let changes = try read { context in
            try changed.compactMap { line in
                try ChangeFinder(context: context, intake: intake, cut: figure.cut).change(
                    line, was: then.versions[line], isNow: now.versions[line])
            }
        }
        let versions = try read { context in
            figure.versions.sorted { $0.key < $1.key }.compactMap { name, old in
                context.registry.find(name).flatMap {
                    $0.version == old ? nil : Restatement.Versions(model: name, old: old, new: $0.version)
                }
            }
        }
        return Restatement(
            published: try .reading(LogContext(LogName(figure.log)), figure.sequence, from: intake),
            figure: figure.title,
            model: figure.model, column: figure.column, filters: figure.filters, cut: figure.cut,
            old: figure.value, new: now.value, changes: changes, versions: versions)
    }
}

/// Finds out why a line counts differently than it did.
private struct ChangeFinder {
    let context: ReadContext
    let intake: any IntakeReader
    /// The cut of the figure.
    let cut: Int64

    func change(
        _ line: Int64, was: Explainer.Evidence?, isNow: Explainer.Evidence?
    ) throws -> Restatement.Change? {
        guard let relation = (isNow ?? was)?.relation,
            let place = try RunTable(connection: context.connection).place(ofLine: line),
            let log = try RunTable(connection: context.connection).log(place.logID)
        else { return nil }
        let reference = try LineReference.reading(log, place.sequence, from: intake)
        let amendment = try latestAmendment(of: place)
        let cause: Restatement.Cause =
            if place.cut > cut {
                .late
            } else if let amendment {
                amendment.retracts ? .retracted : .corrected
            } else {
                .duplicate
            }
        return Restatement.Change(
            line: reference, type: try type(relation),
            occurredAt: try occurredAt(intake.line(log.log, history: log.history, place.sequence)), cause: cause,
            by: try amendment.map { try .reading($0.log, $0.sequence, from: intake) })
    }

    private struct Amendment {
        var log: LogContext
        var sequence: Int64
        var retracts: Bool
    }

    /// The last correction or retraction that came after the figure.
    private func latestAmendment(of place: RunTable.Place) throws -> Amendment? {
        let rows = try context.connection.rows(
            """
            SELECT line, retracts FROM amendment WHERE target_log = ? AND target_seq = ? \
            AND line NOT IN (SELECT line FROM parked) ORDER BY line DESC
            """, .integer(try RunTable(connection: context.connection).mainID(place.logID)),
            .integer(place.sequence))
        for row in rows {
            guard let line = row[0].integer,
                let own = try RunTable(connection: context.connection).place(ofLine: line), own.cut > cut,
                let log = try RunTable(connection: context.connection).log(own.logID)
            else { continue }
            return Amendment(log: log, sequence: own.sequence, retracts: row[1] == 1)
        }
        return nil
    }

    private func type(_ relation: String) throws -> String {
        try context.connection.rows("SELECT name FROM event_type").compactMap { $0[0].text }
            .first { EventNaming.relation($0) == relation } ?? relation
    }

    /// As the line itself says; corrections of it are listed beside.
    private func occurredAt(_ bytes: [UInt8]?) throws -> String {
        guard let bytes,
            let event = try? EventLine(parsing: bytes)
        else { return "" }
        return event.occurredAt.description
    }
}
