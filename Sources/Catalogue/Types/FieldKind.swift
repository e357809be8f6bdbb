import Event

/// What a field holds, as the forms, the checks and the read models need to know it.
///
/// An enumeration of everything the schema subset can say: a new kind is a change of the program, a new
/// field is not.
public indirect enum FieldKind: Sendable, Hashable {
    /// Free text. `multiline` is a wish of the form, not a rule.
    case text(maxLength: Int, multiline: Bool)
    case integer(min: Int64?, max: Int64?)
    /// A decimal with at most `scale` digits after the point. Bounds are the schema's own numerals.
    case decimal(scale: Int, min: String?, max: String?)
    case boolean
    /// A local date `2026-08-14`; when `truncatable`, also `2026-08` and `2026`.
    case date(truncatable: Bool)
    /// A month `2026-08`.
    case month
    /// A moment, RFC 3339 with offset.
    case dateTime
    /// One code of the named code list.
    case code(list: String)
    /// Several different codes of the named code list.
    case codes(list: String)
    /// A UUID of an entity; `entity` names its kind (`person`, `case`, …) when the schema says it.
    case identifier(entity: String?)
    case identifiers(entity: String?)
    /// A region code such as `36.04.13.2007`; `level` when only one level fits.
    case region(level: RegionCode.Level?)
    /// A reference to a line: `LOG#SEQ~LEAFHASH`.
    case reference
    /// Whole rupiah.
    case money(min: Int64?, max: Int64?)
    case object(fields: [Field])
    /// A list of objects, at most `maxItems`.
    case objects(fields: [Field], maxItems: Int)
    /// Any JSON object, not looked into (a patch, a filter).
    case anyObject
    /// Any JSON value that is not null (a figure, a key).
    case anyValue
}

extension FieldKind {
    /// Whether a field holds several values side by side.
    public var takesSeveral: Bool {
        switch self {
        case .codes, .identifiers, .objects, .anyObject, .anyValue, .object: true
        case .text, .integer, .decimal, .boolean, .date, .month, .dateTime, .code, .identifier, .region, .reference,
            .money:
            false
        }
    }
}
