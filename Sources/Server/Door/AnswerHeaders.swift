import HTTPTypes
import Hummingbird

/// Headers of every answer, whatever it is an answer to. What an endpoint has said itself stands.
struct AnswerHeaders: Sendable {
    /// Served over TLS: browsers are told to never come by plain HTTP.
    let isSecure: Bool

    /// For what is no page: a browser that opens it runs and loads nothing.
    private static let policy =
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

    func add(to response: inout Response) {
        set(.contentSecurityPolicy, Self.policy, &response)
        set(.cacheControl, "no-store", &response)
        set(.xContentTypeOptions, "nosniff", &response)
        set(.referrerPolicy, "same-origin", &response)
        set(.crossOriginResourcePolicy, "same-origin", &response)
        if isSecure { set(.strictTransportSecurity, "max-age=31536000; includeSubDomains", &response) }
    }

    private func set(_ name: HTTPField.Name, _ value: String, _ response: inout Response) {
        if response.headers[name] == nil { response.headers[name] = value }
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
}
