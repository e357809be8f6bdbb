import HTTPTypes
import Hummingbird
import Node

extension HTTPField.Name {
    static let clearSiteData = HTTPField.Name("Clear-Site-Data")!
}

extension Site {
    /// Starts a stay and goes to `path`.
    ///
    /// - Parameter replacing: the stay of the same browser until now. It ends: whoever knew its token before (a
    ///   planted one, another person on the same laptop) does not come in with the new person.
    func welcome(_ account: Account, to path: String, replacing old: Session?) -> PageResponse {
        if let old { sessions.end(old.token) }
        var response = PageResponse.redirect(path)
        response.cookies = [cookie(cookies.session, sessions.start(account).token, lasting: nil)]
        return response
    }

    /// - Parameter lasting: seconds; nil: until the browser is closed.
    func cookie(_ name: String, _ value: String, lasting: Int?) -> Cookie {
        Cookie(
            name: name, value: value, maxAge: lasting, path: "/", secure: isSecure, httpOnly: true, sameSite: .strict)
    }
}
