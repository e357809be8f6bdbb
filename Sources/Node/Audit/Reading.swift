import Event
import ReadModels

/// Somebody read personal data: who, in which role, for what, where, and of whom. No names: pseudonym and UUIDs.
public struct Reading: Sendable {
    public struct Subject: Sendable, Hashable {
        /// `person`, `household`, `case`, …
        public var kind: String
        public var id: String
        /// Where the subject belongs: the reading is written for that place, which may tell its people.
        public var region: RegionCode

        public init(kind: String, id: String, region: RegionCode) {
            self.kind = kind
            self.id = id
            self.region = region
        }
    }

    public var actor: String
    /// Code of the list ROLE; `operator` for whoever holds the node's folder.
    public var role: String
    /// Code of the list READ_PURPOSE.
    public var purpose: String
    /// The page or model, without anybody's identifier.
    public var resource: String
    /// As a file or through a program, rather than on a page.
    public var isExport: Bool
    public var subjects: [Subject]

    public init(
        actor: String, role: String, purpose: String, resource: String, isExport: Bool, subjects: [Subject]
    ) {
        self.actor = actor
        self.role = role
        self.purpose = purpose
        self.resource = resource
        self.isExport = isExport
        self.subjects = subjects
    }
}

extension Reading.Subject {
    /// Kinds whose rows are somebody's; of a row with several the first tells most directly whose.
    static let personalKinds = ["person", "household", "case", "episode"]
}

extension Answer {
    /// Whom the rows are about; nobody for counts, reference data and nodes.
    ///
    /// - Parameter region: where rows without a place belong.
    public func subjects(in region: RegionCode) -> [Reading.Subject] {
        for kind in Reading.Subject.personalKinds {
            let places = columns.indices.filter { columns[$0].type == .identifier(kind) }
            guard !places.isEmpty else { continue }
            let regions = ["village", "region"].compactMap { name in columns.firstIndex { $0.name == name } }
            return rows.flatMap { row in
                let place = regions.lazy.compactMap { row[$0].text }.compactMap { try? RegionCode($0) }.first ?? region
                return places.compactMap { index in
                    row[index].text.map { Reading.Subject(kind: kind, id: $0, region: place) }
                }
            }
        }
        return []
    }
}
