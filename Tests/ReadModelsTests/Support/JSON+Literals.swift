import Event

// `nil` for null: expected rows of a test read like the answer they stand for.
extension JSON: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self = .null }
}
