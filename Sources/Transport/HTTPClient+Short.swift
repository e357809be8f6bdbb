/// Requests whose body and answer fit into memory.
extension HTTPClient {
    /// Reads a short answer.
    ///
    /// - Throws: `TransportError`.
    public func get(
        _ address: HTTPAddress, headers: HTTPHeaders = [:], expecting: String? = "application/json",
        limits: HTTPLimits = .small
    ) throws -> HTTPAnswer {
        try collect(HTTPRequest(.get, address, headers: headers, expecting: expecting, limits: limits))
    }

    /// Sends and reads short JSON.
    ///
    /// - Throws: `TransportError`.
    public func post(
        _ address: HTTPAddress, json: [UInt8], headers: HTTPHeaders = [:],
        expecting: String? = "application/json", limits: HTTPLimits = .small
    ) throws -> HTTPAnswer {
        var headers = headers
        headers.append("Content-Type", "application/json")
        return try collect(
            HTTPRequest(
                .post, address, headers: headers, body: .bytes(json), expecting: expecting,
                limits: limits))
    }

    /// Performs a request and keeps its answer in memory, up to the limit on its body.
    public func collect(_ request: HTTPRequest) throws -> HTTPAnswer {
        var body: [UInt8] = []
        let outcome = try perform(request, onBytes: { body.append(contentsOf: $0) })
        return HTTPAnswer(head: outcome.head, body: body)
    }
}
