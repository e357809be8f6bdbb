import Crypto
import Event

extension ModelReader {
    /// SHA-256, in hexadecimal, of a model's rows in the order of its key: equal content, equal digest.
    public func digest(of name: String, asOf: AsOf = .now) throws -> String {
        try read([name], asOf: asOf) { context in
            try Self.digest(try context.registry.model(name), context.connection)
        }
    }

    /// The digests of every model that has rows of its own, by name.
    public func digests() throws -> [String: String] {
        try read { context in
            var digests: [String: String] = [:]
            for model in context.registry.models where model.kind != .view {
                digests[model.name] = try Self.digest(model, context.connection)
            }
            return digests
        }
    }

    private static func digest(_ model: ModelFile, _ connection: SQLConnection) throws -> String {
        guard model.kind != .view else {
            throw ReadModelError.failed(
                what: "Taking the digest of \(model.name)", reason: "a view has no rows of its own")
        }
        let statement = try connection.prepare(
            "SELECT \(model.columns.map(\.name).joined(separator: ", ")) FROM \(model.name) "
                + "ORDER BY \(model.identity.joined(separator: ", "))")
        var hash = SHA256()
        while try statement.step() {
            var row: [UInt8] = []
            for index in model.columns.indices { statement.value(index).encode(into: &row) }
            hash.update(data: row)
        }
        return hash.finalize().map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}

extension ModelValue {
    /// A form in which no two different rows are the same bytes: kind, length, content.
    fileprivate func encode(into bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(0)
        case .integer(let value):
            bytes.append(1)
            withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        case .text(let value):
            bytes.append(2)
            withUnsafeBytes(of: UInt32(value.utf8.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: value.utf8)
        }
    }
}
