import CCurl

/// The C side of an `Exchange`: each function finds it behind the pointer libcurl hands back.
///
/// They are literals without captures, which is the only kind of closure C can call. The client
/// keeps the exchange alive for as long as libcurl holds the pointer.
extension Exchange {
    static func behind(_ pointer: UnsafeMutableRawPointer?) -> Exchange? {
        pointer.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
    }

    static let onRead: curl_read_callback = { buffer, size, count, context in
        guard let exchange = Exchange.behind(context), let buffer else { return Int(CURL_READFUNC_ABORT) }
        switch exchange.fill(UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) {
        case .bytes(let filled): return filled
        case .pause: return Int(CURL_READFUNC_PAUSE)
        case .end: return 0
        case nil: return Int(CURL_READFUNC_ABORT)
        }
    }

    static let onSeek: curl_seek_callback = { context, offset, origin in
        guard let exchange = Exchange.behind(context), offset == 0, origin == SEEK_SET else {
            return CURL_SEEKFUNC_CANTSEEK
        }
        return exchange.rewind() ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_CANTSEEK
    }

    static let onHeader: curl_write_callback = { buffer, size, count, context in
        let line = UnsafeRawBufferPointer(start: buffer, count: size * count)
        return Exchange.behind(context)?.take(headerLine: line) == true ? line.count : 0
    }

    static let onBody: curl_write_callback = { buffer, size, count, context in
        let bytes = UnsafeRawBufferPointer(start: buffer, count: size * count)
        return Exchange.behind(context)?.take(bytes: bytes) == true ? bytes.count : 0
    }

    /// The only place where libcurl shows every byte, chunk sizes included.
    static let onDebug: curl_debug_callback = { _, type, _, size, context in
        switch type {
        case CURLINFO_HEADER_OUT, CURLINFO_DATA_OUT: Exchange.behind(context)?.count(sent: size)
        case CURLINFO_HEADER_IN, CURLINFO_DATA_IN: Exchange.behind(context)?.count(received: size)
        default: break
        }
        return 0
    }
}
