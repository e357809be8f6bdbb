import Catalogue

/// The typed columns that one event type is read into.
///
/// Personal and sealed members have none: what no fold may see is not extracted in the first place.
struct EventTable: Sendable, Hashable {
    /// A column of the table or of one of its lists.
    struct Column: Sendable, Hashable {
        var name: String
        var kind: ScalarKind
    }

    /// A list inside the record, kept as rows of a table of its own.
    struct List: Sendable, Hashable {
        var name: String
        var columns: [Column]
    }

    var type: String
    /// The newest version known here.
    var version: Int
    var columns: [Column] = []
    var lists: [List] = []
    var shape = ObjectShape()
    /// The column with the person concerned: `subject`, a data column, or nil.
    var person: String?
    /// Whether several events can be about one subject. Where each brings its own into being, nobody looks for it.
    var subjectRecurs: Bool
    /// The list of persons concerned, if the type has one.
    var personList: String?

    /// The table's name without prefix.
    var name: String { EventNaming.table(type) }
    var table: String { "evt_" + name }
    var relation: String { "ev_" + name }

    func listTable(_ list: List) -> String { "\(table)__\(list.name)" }

    /// - Throws: a problem naming the member that cannot become a column.
    init(_ type: EventType) throws(ModelProblem) {
        self.type = type.name
        version = type.version
        subjectRecurs = !type.subject.isNew || type.subject.field != nil
        var planner = ColumnPlanner(type: type.name)
        shape = try planner.shape(type.fields, prefix: "", isInList: nil)
        columns = planner.columns
        lists = planner.lists
        findPerson(type)
    }

    private mutating func findPerson(_ type: EventType) {
        if type.subject.kind == "person" {
            person = "subject"
        } else {
            let fields = type.keyHolderFields + ["person_id"]
            person = fields.first { name in columns.contains { $0.name == name } }
        }
        personList =
            type.fields.first { field in
                if case .identifiers(entity: "person") = field.kind {
                    lists.contains { $0.name == field.name }
                } else {
                    false
                }
            }?.name
    }
}

/// How a single value is kept.
enum ScalarKind: Sendable, Hashable {
    case integer(min: Int64, max: Int64)
    /// Kept as an integer of so many decimal places.
    case decimal(scale: Int)
    case flag
    case text
    case date
    case month
    /// Kept in UTC: `2026-08-14T03:00:00.000Z`.
    case moment
    case region
    /// Any single value, kept as text.
    case any
    /// An object that is passed on as it is written; models do not look into it.
    case rawObject

    var sqlType: String {
        switch self {
        case .integer, .decimal, .flag: "INTEGER"
        default: "TEXT"
        }
    }
}

/// What is taken from a JSON object, member by member.
struct ObjectShape: Sendable, Hashable {
    struct Member: Sendable, Hashable {
        var key: [UInt8]
        var required: Bool
        var content: Content
    }

    indirect enum Content: Sendable, Hashable {
        /// A single value, into the column at an index of the table or list.
        case column(Int, ScalarKind)
        case object(ObjectShape)
        /// A list of single values, into the list at an index.
        case values(list: Int, ScalarKind)
        case objects(list: Int, ObjectShape)
    }

    var members: [Member] = []
}
