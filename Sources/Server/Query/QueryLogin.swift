import Foundation
import HTTPTypes

/// The proof of who asks that a request carries.
struct QueryLogin: Sendable {
    private let basic: (name: String, password: String)?
    private let cookies: String?
    /// Whether the browser says that a page of this server, or the person at it, made the request.
    private let isFromHere: Bool

    init(_ head: HTTPRequest) {
        basic = head.headerFields[.authorization].flatMap(Self.basic)
        cookies = head.headerFields[.cookie]
        isFromHere = FormGuard.isFromHere(head)
    }

    /// - Throws: a problem: 401 without a valid login, 429 after too many wrong ones, 403 for a session used by
    ///   another site's page.
    func reader(_ authority: any QueryAuthority) throws -> QueryReader {
        if let basic {
            switch try authority.verify(name: basic.name, password: basic.password) {
            case .welcome(let reader): return reader
            case .wrong: throw ProblemResponse.noLogin
            case .wait(let seconds): throw ProblemResponse.wait(seconds: seconds)
            }
        }
        if let cookies, let reader = try authority.reader(cookies: cookies) {
            // Sessions are `SameSite=Strict` already; but a page on another port of this host is the same site.
            guard isFromHere else { throw ProblemResponse.crossSite }
            return reader
        }
        throw ProblemResponse.noLogin
    }

    /// `Basic` and the base64 of `name:password` in UTF-8 (RFC 7617); the password may hold colons, the name not.
    private static func basic(_ header: String) -> (name: String, password: String)? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1])),
            let text = String(validating: data, as: UTF8.self), let colon = text.firstIndex(of: ":")
        else { return nil }
        return (String(text[..<colon]), String(text[text.index(after: colon)...]))
    }
}
