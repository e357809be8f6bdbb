import Crypto
import Foundation
import Store

/// What a node calls its cookies.
///
/// Browsers keep cookies by host and ignore the port (RFC 6265, 8.5): two nodes on one host would overwrite each
/// other's session. So each has names of its own, also when two nodes of one name run side by side.
struct CookieNames: Sendable, Hashable {
    let session: String
    let language: String

    /// - Parameter isSecure: served over TLS. The prefix `__Host-` (RFC 6265bis, 4.1.3.2) then makes browsers refuse a
    ///   cookie of that name from plain HTTP, from a sibling domain and for a part of the site only.
    init(_ node: Enrolment, isSecure: Bool) {
        let key = RandomToken.hex(SHA256.hash(data: node.sign).prefix(4))
        let name = (isSecure ? "__Host-" : "") + "simpul-\(node.node)-\(key)"
        session = name
        language = name + "-bahasa"
    }
}
