import Testing
import Transport

/// The `TransportError` that `job` ends with, run on a worker's thread; anything else fails the test.
func transportError(
    _ settings: HTTPSettings = HTTPSettings(), sourceLocation: SourceLocation = #_sourceLocation,
    _ job: @escaping @Sendable (HTTPClient) throws -> some Sendable
) async throws -> TransportError {
    let error = await #expect(throws: TransportError.self, sourceLocation: sourceLocation) {
        _ = try await HTTPWorker(settings).run { _ = try job($0) }
    }
    return try #require(error, sourceLocation: sourceLocation)
}

/// Short limits, so that what must be given up is given up soon.
extension HTTPLimits {
    static let hasty = HTTPLimits(
        connect: .seconds(5), stall: .milliseconds(300), stallBytes: 64, deadline: .seconds(8),
        headerBytes: 4 << 10, headerLines: 20, bodyBytes: 100_000)
}
