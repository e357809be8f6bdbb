import Node
import ReadModels

extension Site {
    /// Makes a page and writes down whom it shows; a page that cannot be written down is not shown.
    func audited(_ request: PageRequest, _ body: () throws -> PageResponse) throws -> PageResponse {
        guard let account = request.session?.account else { return try body() }
        let (response, shown) = try Readings.collecting(body)
        guard !shown.isEmpty else { return response }
        try node.recordReading(
            Reading(
                actor: account.actor, role: account.role, purpose: try node.reader(of: account).purpose,
                resource: request.kind, isExport: false, subjects: Array(shown)))
        return response
    }
}
