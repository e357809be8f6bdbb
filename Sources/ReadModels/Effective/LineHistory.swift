import Event

/// What a line says, cut by cut.
struct LineHistory {
    enum Content: Equatable {
        /// The line's bytes, corrected.
        case counts([UInt8])
        case retracted
        case parked(ParkReason, detail: String, type: String?)
        /// Another line with the same `dedupekey` counts in its place.
        case duplicate

        var bytes: [UInt8]? { if case .counts(let bytes) = self { bytes } else { nil } }
    }

    struct Stretch: Equatable {
        /// The cut from which this holds, until the next stretch.
        var from: Int64
        var content: Content
    }

    var stretches: [Stretch] = []
    /// Corrections that give no valid record, as known now.
    var badPatches: [(line: Int64, detail: String)] = []

    /// What holds at a cut; nil before the line was known.
    func content(at cut: Int64) -> Content? {
        stretches.last { $0.from <= cut }?.content
    }

    mutating func add(_ content: Content, from cut: Int64) {
        if stretches.last?.content != content { stretches.append(Stretch(from: cut, content: content)) }
    }
}

/// Works out a line's history from its corrections.
struct HistoryReader {
    private var extractor: LineExtractor
    private var parsed = ParsedLines()
    static let quarantined = "The key that signed it was revoked before this line."

    init(extractor: LineExtractor) { self.extractor = extractor }

    mutating func history(of tree: AmendmentTree) -> LineHistory {
        var history = LineHistory()
        for cut in tree.root.cuts().sorted() where cut >= tree.root.fact.cut {
            var bad: [(line: Int64, detail: String)] = []
            let content: LineHistory.Content =
                if tree.root.fact.isQuarantined(at: cut) {
                    .parked(.quarantined, detail: Self.quarantined, type: tree.root.fact.event?.type)
                } else if tree.root.isRetracted(at: cut) {
                    .retracted
                } else {
                    corrected(tree.root, at: cut, bad: &bad)
                }
            history.add(content, from: cut)
            history.badPatches = bad
        }
        return history
    }

    /// Applies corrections one by one; one whose result is not a valid record is left out.
    private mutating func corrected(
        _ root: AmendmentTree.Node, at cut: Int64, bad: inout [(line: Int64, detail: String)]
    ) -> LineHistory.Content {
        var best = check(root.fact.bytes, root.fact)
        guard var event = root.fact.event else { return best }
        for correction in root.corrections(at: cut) {
            do throws(BadPatch) {
                let changed = try apply(correction.data(at: cut)["patch"], to: event)
                let result = check(try encode(changed), root.fact)
                if case .parked(_, let detail, _) = result, best.bytes != nil { throw BadPatch(detail: detail) }
                (event, best) = (changed, result)
            } catch {
                bad.append((correction.fact.line, error.detail))
            }
        }
        return best
    }

    private struct BadPatch: Error { var detail: String }

    private func apply(_ patch: JSON?, to event: EventLine) throws(BadPatch) -> EventLine {
        guard let patch, patch.objectValue != nil else { throw BadPatch(detail: "“data.patch” is no object.") }
        var event = event
        if let text = patch["occurredat"] {
            guard let occurred = text.stringValue.flatMap(OccurredAt.init) else {
                throw BadPatch(detail: "“data.patch.occurredat” is no date.")
            }
            event.occurredAt = occurred
        }
        event.data = event.data.merging(patch: patch.setting("occurredat", to: nil))
        return event
    }

    private func encode(_ event: EventLine) throws(BadPatch) -> [UInt8] {
        do {
            return try event.encoded()
        } catch {
            throw BadPatch(detail: error.description)
        }
    }

    /// Whether bytes make a record of this line.
    private mutating func check(_ bytes: [UInt8], _ fact: LineFact) -> LineHistory.Content {
        parsed.removeAll()
        extractor.extract(bytes, log: fact.log, sequence: fact.sequence, into: &parsed)
        switch parsed.lines.first {
        case .record: return .counts(bytes)
        case .parked(let failure): return .parked(failure.reason, detail: failure.detail, type: failure.type)
        case .amendment, nil: return .parked(.malformed, detail: "It is no record.", type: nil)
        }
    }
}
