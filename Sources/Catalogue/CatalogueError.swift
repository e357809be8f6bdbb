/// A file of the catalogue that cannot be used: which, where in it, what is wrong and what to do.
///
/// Written for whoever maintains the files; what was entered in a form is reported as `Problem`s instead.
public struct CatalogueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file or folder.
    public var file: String
    /// RFC 6901 pointer to the place in the file; empty: the whole of it.
    public var pointer: String
    public var what: String
    public var fix: String

    public init(file: String, pointer: String = "", what: String, fix: String) {
        self.file = file
        self.pointer = pointer
        self.what = what
        self.fix = fix
    }

    public var description: String {
        "\(file)\(pointer.isEmpty ? "" : " at \(pointer)"): \(what) \(fix)"
    }
}
