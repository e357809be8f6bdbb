/// The parameters of a URL's query (`application/x-www-form-urlencoded`), in their order, names and values decoded.
///
/// A comma separates the values of a parameter; one that belongs to a value is written `%2C`.
struct QueryParameters: Sendable, Hashable {
    struct Parameter: Sendable, Hashable {
        var name: String
        /// At least one; the empty text where nothing follows the `=`.
        var values: [String]
    }

    /// Parameters of one request at most: more than any model has of columns and operators, and fewer than SQLite takes
    /// conditions.
    static let maximumCount = 500

    private(set) var list: [Parameter] = []

    /// - Throws: a problem (400) naming what cannot be read.
    init(_ query: String?) throws(ProblemResponse) {
        for part in (query ?? "").split(separator: "&") {
            guard list.count < Self.maximumCount else {
                throw .badQuery("more than \(Self.maximumCount) parameters")
            }
            let cut = part.firstIndex(of: "=")
            let values = cut.map { part[part.index(after: $0)...] } ?? ""
            let name = try Self.decoded(part[..<(cut ?? part.endIndex)])
            var decoded: [String] = []
            for value in values.split(separator: ",", omittingEmptySubsequences: false) {
                decoded.append(try Self.decoded(value))
            }
            list.append(Parameter(name: name, values: decoded))
        }
    }

    /// The value of a parameter that may stand once, with one value; nil where it is missing.
    func single(_ name: String) throws(ProblemResponse) -> String? {
        let found = list.filter { $0.name == name }
        guard let first = found.first else { return nil }
        guard found.count == 1, first.values.count == 1 else {
            throw .badQuery("“\(name)” takes one value; it has \(found.reduce(0) { $0 + $1.values.count })")
        }
        return first.values[0]
    }

    private static func decoded(_ text: Substring) throws(ProblemResponse) -> String {
        var bytes: [UInt8] = []
        var rest = Substring(text).utf8
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let code = UInt8(Substring(rest.prefix(2)), radix: 16), rest.count >= 2,
                    rest.first != UInt8(ascii: "+")
                else { throw .badQuery("“\(text)” has a % that two hexadecimal digits do not follow") }
                bytes.append(code)
                rest = rest.dropFirst(2)
            default: bytes.append(byte)
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badQuery("“\(text)” is not UTF-8")
        }
        return text
    }
}
