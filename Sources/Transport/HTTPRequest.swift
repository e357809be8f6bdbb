/// One request, as asked of an `HTTPClient`.
public struct HTTPRequest {
    public enum Method: Sendable { case get, post }

    public var method: Method
    public var address: HTTPAddress
    public var headers: HTTPHeaders
    public var body: HTTPBody
    /// The media type a good answer has; any other with a status of 200 to 299 is an error, since a
    /// network's login page also answers 200. Nil takes everything.
    public var expecting: String?
    public var limits: HTTPLimits

    public init(
        _ method: Method, _ address: HTTPAddress, headers: HTTPHeaders = [:], body: HTTPBody = .none,
        expecting: String? = nil, limits: HTTPLimits = HTTPLimits()
    ) {
        self.method = method
        self.address = address
        self.headers = headers
        self.body = body
        self.expecting = expecting
        self.limits = limits
    }
}
