/// Something in a model's file that keeps it from being installed: where, what, and what to do instead.
public struct ModelProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// File name, without its folder.
    public var file: String
    /// Counted from 1.
    public var line: Int
    public var what: String
    public var fix: String

    public init(file: String, line: Int, what: String, fix: String) {
        self.file = file
        self.line = line
        self.what = what
        self.fix = fix
    }

    public var description: String { "\(file):\(line): \(what) \(fix)" }
}
