import CCurl

/// An absolute `http` or `https` address, read by the same parser that will connect to it.
///
/// A second parser that disagrees with libcurl's about where the host ends is how a request, and
/// what it carries, reaches somebody else. Its description leaves out the query, and it holds no
/// user name and no password, so it may be logged.
public struct HTTPAddress: Sendable, Hashable, CustomStringConvertible {
    /// The whole address, as handed to libcurl.
    public let text: String
    /// `http` or `https`.
    public let scheme: String
    /// Host name or literal address; an IPv6 literal keeps its brackets.
    public let host: String
    public let port: Int
    /// Always begins with `/`.
    public let path: String

    /// - Throws: `TransportError` of kind `invalidAddress`; its place leaves out what may be secret.
    public init(_ text: String) throws(TransportError) {
        let parts = try AddressParts(text)
        self.text = try parts.require(CURLUPART_URL)
        scheme = try parts.require(CURLUPART_SCHEME)
        host = try parts.require(CURLUPART_HOST)
        path = parts.read(CURLUPART_PATH) ?? "/"
        guard scheme == "http" || scheme == "https" else {
            throw parts.error("it begins with “\(scheme)”, not with http or https")
        }
        guard parts.read(CURLUPART_USER) == nil, parts.read(CURLUPART_PASSWORD) == nil else {
            throw parts.error("it holds a user name or password, and an address ends up in logs")
        }
        guard let port = Int(try parts.require(CURLUPART_PORT, flags: UInt32(CURLU_DEFAULT_PORT))) else {
            throw parts.error("its port is no number")
        }
        self.port = port
    }

    /// Scheme, host, port if unusual, and path.
    public var description: String {
        let usual = scheme == "https" ? 443 : 80
        return "\(scheme)://\(host)\(port == usual ? "" : ":\(port)")\(path)"
    }

    public var isEncrypted: Bool { scheme == "https" }

    /// Whether the host names this very machine, so that nothing leaves it.
    ///
    /// libcurl resolves `localhost` itself and brings IPv4 literals (`0x7f.1`) to dotted form.
    public var isLoopback: Bool {
        let name = host.lowercased()
        if name == "localhost" || name == "[::1]" { return true }
        let octets = name.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }

    /// The address of `path` (relative, or absolute from the host) seen from this one.
    public func resolving(_ path: String) throws(TransportError) -> HTTPAddress {
        let parts = try AddressParts(text)
        try parts.set(path)
        return try HTTPAddress(try parts.require(CURLUPART_URL))
    }
}

/// One parse of an address by libcurl; frees its handle.
private final class AddressParts {
    private let handle: OpaquePointer
    private let shown: String

    init(_ text: String) throws(TransportError) {
        shown = AddressParts.withoutSecrets(text)
        guard let handle = curl_url() else {
            throw TransportError(.library("out of memory"), at: shown)
        }
        self.handle = handle
        guard !text.utf8.contains(0) else { throw error("it holds a zero byte") }
        try set(text)
    }

    deinit { curl_url_cleanup(handle) }

    func set(_ text: String) throws(TransportError) {
        let code = curl_url_set(handle, CURLUPART_URL, text, 0)
        guard code == CURLUE_OK else { throw error(String(cString: curl_url_strerror(code))) }
    }

    func read(_ part: CURLUPart, flags: UInt32 = 0) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    func require(_ part: CURLUPart, flags: UInt32 = 0) throws(TransportError) -> String {
        guard let text = read(part, flags: flags) else { throw error("a part of it is missing") }
        return text
    }

    func error(_ reason: String) -> TransportError {
        TransportError(.invalidAddress(reason), at: shown)
    }

    /// What cannot be parsed cannot be cut up safely either: whatever stands before an `@` or
    /// behind a `?` is left out.
    private static func withoutSecrets(_ text: String) -> String {
        let head = text.prefix { $0 != "?" && $0 != "#" }
        guard let at = head.lastIndex(of: "@") else { return Printable.line(String(head)) }
        return "…" + Printable.line(String(head[at...]))
    }
}
