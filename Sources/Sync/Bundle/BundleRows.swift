import Event

/// Lists of heads in a bundle, by what they are for. A long list stands in several records.
enum BundleRows: String {
    /// What the maker holds in the scope it shares with the recipient: the answering bundle starts from here.
    case holds
    /// What the recipient must hold for the lines to fit: the heads that they continue.
    case needs
    /// What the recipient holds afterwards.
    case brings

    private static let perRecord = 1_024

    func records(_ rows: [TableRow]) -> [JSON] {
        stride(from: 0, to: rows.count, by: Self.perRecord).map { start in
            .object([
                JSONMember("rows", .string(rawValue)),
                JSONMember("list", .array(rows[start..<min(start + Self.perRecord, rows.count)].map(\.json))),
            ])
        }
    }
}
