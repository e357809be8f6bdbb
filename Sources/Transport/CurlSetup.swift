import CCurl

/// Every option of a request, each with its reason. Nothing is left over from the request before.
struct CurlSetup {
    private let easy: CurlHandle
    private let settings: HTTPSettings

    init(_ easy: CurlHandle, _ settings: HTTPSettings) {
        self.easy = easy
        self.settings = settings
    }

    func prepare(_ exchange: Exchange) throws(TransportError) {
        try easy.reset()
        try setProtocol(exchange.request)
        try setProxy(exchange.request.address)
        try setTrust()
        try setCallbacks(exchange)
        try setBody(exchange)
    }

    private func setProtocol(_ request: HTTPRequest) throws(TransportError) {
        try easy.set(CURLOPT_URL, request.address.text)
        try easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try easy.set(CURLOPT_FOLLOWLOCATION, false)
        // HTTP/2 of this libcurl gives up after a few hundred requests on a connection.
        try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        try easy.set(CURLOPT_HTTP_CONTENT_DECODING, false)
        try easy.set(CURLOPT_USERAGENT, settings.userAgent)
        try easy.set(CURLOPT_NOSIGNAL, true)
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, request.limits.connect.wholeMilliseconds)
        try easy.set(CURLOPT_TCP_KEEPALIVE, true)
        try easy.set(CURLOPT_BUFFERSIZE, 128 << 10)
        try easy.set(CURLOPT_UPLOAD_BUFFERSIZE, 128 << 10)
    }

    private func setProxy(_ address: HTTPAddress) throws(TransportError) {
        // The answers to a CONNECT are the proxy's, not the server's.
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, true)
        guard !address.isLoopback else {
            // What is allowed in the clear because it stays on this machine must stay on it.
            return try easy.set(CURLOPT_NOPROXY, "*")
        }
        switch settings.proxy {
        case .environment: break
        case .none: try easy.set(CURLOPT_PROXY, "")
        case .address(let address): try easy.set(CURLOPT_PROXY, address)
        }
    }

    private func setTrust() throws(TransportError) {
        let trust = settings.trust
        try easy.set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        // Without a certificate there would be no key to compare with the pin.
        try easy.set(CURLOPT_SSL_CIPHER_LIST, "DEFAULT:!aNULL:!eNULL:!PSK")
        try easy.set(CURLOPT_SSL_VERIFYPEER, trust.checksAuthority)
        try easy.set(CURLOPT_SSL_VERIFYHOST, trust.checksAuthority ? 2 : 0)
        if let pin = trust.pinnedKey { try easy.set(CURLOPT_PINNEDPUBLICKEY, pin) }
        if let file = trust.authorityFile {
            try easy.set(CURLOPT_CAINFO, file)
            // Distributions set a folder of authorities as a default, which would be trusted too.
            try easy.set(CURLOPT_CAPATH, nil)
        }
    }

    private func setCallbacks(_ exchange: Exchange) throws(TransportError) {
        let context = Unmanaged.passUnretained(exchange).toOpaque()
        try easy.set(CURLOPT_WRITEFUNCTION, write: Exchange.onBody)
        try easy.set(CURLOPT_WRITEDATA, context: context)
        try easy.set(CURLOPT_HEADERFUNCTION, write: Exchange.onHeader)
        try easy.set(CURLOPT_HEADERDATA, context: context)
        try easy.set(read: Exchange.onRead)
        try easy.set(CURLOPT_READDATA, context: context)
        try easy.set(seek: Exchange.onSeek)
        try easy.set(CURLOPT_SEEKDATA, context: context)
        try easy.set(debug: Exchange.onDebug)
        try easy.set(CURLOPT_DEBUGDATA, context: context)
        try easy.set(CURLOPT_VERBOSE, true)
    }

    private func setBody(_ exchange: Exchange) throws(TransportError) {
        // An empty value takes the header out, and with it a second's wait for “100 Continue”.
        var lines = ["Expect:"]
        for field in exchange.request.headers {
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        switch exchange.request.method {
        case .get: try easy.set(CURLOPT_HTTPGET, true)
        case .post:
            try easy.set(CURLOPT_POST, true)
            if let length = exchange.uploadLength {
                try easy.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: length)
            } else {
                lines.append("Transfer-Encoding: chunked")
            }
            if exchange.request.headers["Content-Type"] == nil {
                lines.append("Content-Type: application/octet-stream")
            }
        }
        try easy.set(headers: lines)
    }
}

extension Duration {
    var wholeMilliseconds: Int {
        let (seconds, attoseconds) = components
        return Int(clamping: seconds.multipliedReportingOverflow(by: 1_000).partialValue)
            + Int(attoseconds / 1_000_000_000_000_000)
    }
}
