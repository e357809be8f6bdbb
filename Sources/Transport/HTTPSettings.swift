/// Whom a client trusts and how it reaches out; fixed for the client's life, since kept connections
/// were made under them.
public struct HTTPSettings: Sendable, Equatable {
    public var trust: Trust
    /// Plain `http` to other machines shows everything to everyone on the way. Loopback is always
    /// allowed.
    public var allowsPlain: Bool
    public var proxy: Proxy
    public var userAgent: String

    public init(
        trust: Trust = .system, allowsPlain: Bool = false, proxy: Proxy = .environment,
        userAgent: String = "simpul"
    ) {
        self.trust = trust
        self.allowsPlain = allowsPlain
        self.proxy = proxy
        self.userAgent = userAgent
    }

    public enum Trust: Sendable, Equatable {
        /// The certificate authorities this machine trusts.
        case system
        /// Only the authorities (or the very certificate) in this PEM file.
        case file(String)
        /// Only the holder of this public key, whatever its certificate says of name, issuer and
        /// date: `sha256//` and the base64 SHA-256 of the key's SubjectPublicKeyInfo. Good for a
        /// self-signed hub, and for a laptop whose clock is wrong.
        case pin(String)
        /// Both: an authority in the file (nil: the machine's own), and the key.
        case pinAndFile(pin: String, file: String?)
    }

    public enum Proxy: Sendable, Equatable {
        /// `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`; never for loopback.
        case environment
        case none
        /// Its address, for everything but loopback.
        case address(String)
    }
}

extension HTTPSettings.Trust {
    var authorityFile: String? {
        switch self {
        case .system, .pin: nil
        case .file(let file): file
        case .pinAndFile(_, let file): file
        }
    }

    var pinnedKey: String? {
        switch self {
        case .system, .file: nil
        case .pin(let pin), .pinAndFile(let pin, _): pin
        }
    }

    /// False only where the pin alone decides.
    var checksAuthority: Bool {
        if case .pin = self { false } else { true }
    }

    /// libcurl takes a pin it cannot read for the name of a file.
    var reasonUnfit: String? {
        guard let pin = pinnedKey else { return nil }
        let digest = pin.dropFirst(8)
        let fits =
            pin.hasPrefix("sha256//") && digest.utf8.count == 44 && digest.hasSuffix("=")
            && digest.utf8.dropLast().allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2b, 0x2f: true
                default: false
                }
            }
        return fits ? nil : "a pinned key is written sha256// and 44 characters of base64"
    }
}
