import Catalogue
import Event
import Node

/// A request as the pages see it: read, checked, and with the person who sent it.
struct PageRequest: Sendable {
    let path: String
    /// The path and what was asked of it, as it stands in the address.
    let target: String
    /// Parts of the path by the names that the route gives them.
    let parameters: [String: String]
    let query: FormBody
    /// Empty unless posted.
    let form: FormBody
    let language: Language
    let session: Session?
    /// Stands in every form of this session; a form without it was not made here.
    let formToken: String

    /// The kind of page, without the identifiers in its address: `/orang`.
    var kind: String { path.split(separator: "/").first.map { "/\($0)" } ?? "/" }

    /// The person who is signed in. Routes that need one are reached by nobody else.
    func account() throws -> Account {
        guard let session else { throw PageError.signInNeeded }
        return session.account
    }

    func parameter(_ name: String) throws -> String {
        guard let value = parameters[name] else { throw PageError.notFound }
        return value
    }
}
