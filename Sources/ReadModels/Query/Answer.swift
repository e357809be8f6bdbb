import Catalogue
import Event

/// Rows of a model, with all that is needed to trust and to repeat them.
public struct Answer: Sendable {
    public var model: String
    /// Version of the model's file; a figure is repeated with the same one.
    public var modelVersion: Int
    public var title: LocalizedText
    public var columns: [ModelColumn]
    public var rows: [[ModelValue]]
    /// The cut the rows were computed at: asked again with this cut and day, the answer is the same byte for byte.
    public var cut: Int64
    /// Only what had happened by the end of this day is in the rows; nil: whatever happened.
    public var trueAt: LocalDay?
    public var scope: RegionCode
    /// The day that counted as today.
    public var today: LocalDay
    /// Who had reported when these rows were computed; nil for reference lists, which no node reports to.
    public var completeness: Completeness?
    /// Where the next page starts; nil on the last.
    public var nextPage: String?
    /// By which region codes it counts; nil: as recorded.
    public var edition: RegionEdition?
}

extension Answer {
    /// A cell by row and column name.
    public subscript(row: Int, column: String) -> ModelValue? {
        guard rows.indices.contains(row), let index = columns.firstIndex(where: { $0.name == column }) else {
            return nil
        }
        return rows[row][index]
    }
}
