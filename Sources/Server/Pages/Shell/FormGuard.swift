import Crypto
import Foundation
import HTTPTypes

/// Tells forms that this server made for this session from forms that another site made for it (CSRF).
///
/// Three walls: the session cookie is `SameSite=Strict`; every form carries a token bound to the session; and browsers
/// say where a request comes from (`Sec-Fetch-Site`, `Origin`), which also covers signing in, where there is no session.
struct FormGuard: Sendable {
    private let key = SymmetricKey(size: .bits256)

    func token(for session: String?) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("form\n\(session ?? "")".utf8), using: key)
        return RandomToken.hex(code)
    }

    func accepts(_ token: String?, session: String?) -> Bool {
        guard let token else { return false }
        let expected = self.token(for: session)
        guard token.utf8.count == expected.utf8.count else { return false }
        return zip(token.utf8, expected.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// Whether the browser says that the request was made by a page of this server.
    static func isFromHere(_ head: HTTPRequest) -> Bool {
        if let name = HTTPField.Name("Sec-Fetch-Site"), let site = head.headerFields[name] {
            return site == "same-origin" || site == "none"
        }
        guard let origin = head.headerFields[.origin] else { return true }
        guard let authority = head.authority, let host = origin.components(separatedBy: "://").last else {
            return false
        }
        return host == authority
    }
}
