import Event

/// What a list shows of a person.
public struct PersonCard: Sendable, Hashable {
    public let id: String
    /// Nil where it cannot be shown.
    public let name: String?
    /// Why the name cannot be shown.
    public let unreadable: Unreadable?
    public let alias: String?
    public let birthYear: Int64?
    /// Codes of SEX, PERSON_ROLE and STAGE.
    public let sex: String?
    public let role: String?
    public let stage: String?
    public let hamlet: String?
    public let household: String?
    public let region: RegionCode
    /// The registration it was taken from.
    public let registration: RecordKey

    /// The name, for showing it: whoever sees the page has read it.
    public var shownName: String? {
        if name != nil { Readings.note(.init(kind: "person", id: id, region: region)) }
        return name
    }

    init(_ record: Record) {
        let data = record.data
        id = record.line.subject
        name = data["full_name"]?.stringValue
        unreadable = record.unreadable
        alias = data["alias"]?.stringValue
        birthYear = data["birth_year"]?.intValue
        sex = data["sex"]?.stringValue
        role = data["role"]?.stringValue
        stage = data["stage"]?.stringValue
        hamlet = data["hamlet"]?.stringValue
        household = data["household_id"]?.stringValue
        region = record.line.region
        registration = record.key
    }
}
