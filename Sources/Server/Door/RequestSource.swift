import Foundation
import NIOCore

/// Whom limits are counted for: an IPv4 address, or the first 64 bits of an IPv6 address, since one household or
/// office has all of the rest.
struct RequestSource: Sendable, Hashable, CustomStringConvertible {
    let description: String

    init?(_ address: SocketAddress?) {
        switch address {
        case .v4(let address):
            let bytes = withUnsafeBytes(of: address.address.sin_addr.s_addr) { Array($0) }
            description = bytes.map(String.init).joined(separator: ".")
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            // An IPv4 address in IPv6 clothes (RFC 4291, 2.5.5.2).
            if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
                description = bytes.suffix(4).map(String.init).joined(separator: ".")
            } else {
                let groups = stride(from: 0, to: 8, by: 2).map {
                    String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
                }
                description = groups.joined(separator: ":") + "::/64"
            }
        case .unixDomainSocket, nil: return nil
        }
    }

    init(_ description: String) { self.description = description }
}
