import CCurl
import Foundation

/// libcurl's global state, set up once, before the first handle.
enum CurlLibrary {
    static let ready: Bool = {
        // A TLS library writes with plain `write`: without this, a server that hangs up would end
        // the process. A handler someone else installed is left alone.
        var current = sigaction()
        if sigaction(SIGPIPE, nil, &current) == 0, current.__sigaction_handler.sa_handler == nil {
            signal(SIGPIPE, SIG_IGN)
        }
        return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
    }()
}

/// An easy handle with options that are checked: an option that silently failed to be set could be
/// the one that verifies the server.
final class CurlHandle {
    let pointer: UnsafeMutableRawPointer
    /// Where libcurl writes its sentence about a failure.
    private let sentence: UnsafeMutablePointer<CChar>
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    init() throws(TransportError) {
        guard CurlLibrary.ready, let pointer = curl_easy_init() else {
            throw TransportError(.library("it could not be started"), at: "this machine")
        }
        self.pointer = pointer
        sentence = .allocate(capacity: Int(CURL_ERROR_SIZE))
        sentence.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        for list in lists { curl_slist_free_all(list) }
        sentence.deallocate()
    }

    /// Forgets all options; kept connections and looked-up names stay.
    func reset() throws(TransportError) {
        curl_easy_reset(pointer)
        for list in lists { curl_slist_free_all(list) }
        lists = []
        sentence[0] = 0
        try check(simpul_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, sentence), CURLOPT_ERRORBUFFER)
    }

    func sentence(for code: CURLcode) -> String {
        sentence[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: sentence)
    }

    func set(_ option: CURLoption, _ value: Int) throws(TransportError) {
        try check(simpul_curl_set_long(pointer, option, value), option)
    }

    func set(_ option: CURLoption, _ flag: Bool) throws(TransportError) {
        try set(option, flag ? 1 : 0)
    }

    func set(_ option: CURLoption, offset: Int64) throws(TransportError) {
        try check(simpul_curl_set_offset(pointer, option, curl_off_t(offset)), option)
    }

    func set(_ option: CURLoption, _ text: String?) throws(TransportError) {
        try check(simpul_curl_set_text(pointer, option, text), option)
    }

    func set(_ option: CURLoption, context: UnsafeMutableRawPointer) throws(TransportError) {
        try check(simpul_curl_set_pointer(pointer, option, context), option)
    }

    func set(_ option: CURLoption, write: @escaping curl_write_callback) throws(TransportError) {
        try check(simpul_curl_set_write(pointer, option, write), option)
    }

    func set(read: @escaping curl_read_callback) throws(TransportError) {
        try check(simpul_curl_set_read(pointer, read), CURLOPT_READFUNCTION)
    }

    func set(seek: @escaping curl_seek_callback) throws(TransportError) {
        try check(simpul_curl_set_seek(pointer, seek), CURLOPT_SEEKFUNCTION)
    }

    func set(debug: @escaping curl_debug_callback) throws(TransportError) {
        try check(simpul_curl_set_debug(pointer, debug), CURLOPT_DEBUGFUNCTION)
    }

    func set(headers lines: [String]) throws(TransportError) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else {
                curl_slist_free_all(list)
                throw TransportError(.library("out of memory"), at: "this machine")
            }
            list = longer
        }
        if let list { lists.append(list) }
        try check(simpul_curl_set_list(pointer, CURLOPT_HTTPHEADER, list), CURLOPT_HTTPHEADER)
    }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        return simpul_curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    func span(_ info: CURLINFO) -> Duration {
        var microseconds: curl_off_t = 0
        guard simpul_curl_get_offset(pointer, info, &microseconds) == CURLE_OK else { return .zero }
        return .microseconds(microseconds)
    }

    private func check(_ code: CURLcode, _ option: CURLoption) throws(TransportError) {
        guard code == CURLE_OK else {
            let reason = String(cString: curl_easy_strerror(code))
            throw TransportError(.library("option \(option.rawValue): \(reason)"), at: "this machine")
        }
    }
}
