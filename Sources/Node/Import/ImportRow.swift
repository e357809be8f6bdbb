import Catalogue

/// One row of a file, ready to be made a draft, or what is wrong with it as a row.
public struct ImportRow: Sendable {
    /// Where it stands: as a spreadsheet numbers rows, and the line of the file.
    public let row: Int
    public let line: Int
    public let content: Result<Entry, ImportRowError>

}

/// Everything that is wrong with a row before its fields are looked at.
public struct ImportRowError: Error, Sendable {
    public let problems: [Problem]

    init(_ problems: [Problem]) { self.problems = problems }
}
