import CCurl

/// Drives a transfer and watches over it: cancellation, deadline, dead line, paused upload.
///
/// libcurl's own timers tell “too slow” and “too long” apart from “no connection” only by the
/// wording of a message, and cannot be woken; here each has its own error.
final class CurlTransfers {
    private let pointer: UnsafeMutableRawPointer

    init() throws(TransportError) {
        guard let pointer = curl_multi_init() else {
            throw TransportError(.library("out of memory"), at: "this machine")
        }
        self.pointer = pointer
        // One line to one parent.
        simpul_curl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, 1)
    }

    deinit { curl_multi_cleanup(pointer) }

    /// - Returns: libcurl's result.
    /// - Throws: `TransportError.Kind`.
    func run(
        _ easy: CurlHandle, _ exchange: Exchange, _ cancellation: HTTPCancellation
    ) throws(TransportError.Kind) -> CURLcode {
        try check(curl_multi_add_handle(pointer, easy.pointer))
        defer { curl_multi_remove_handle(pointer, easy.pointer) }
        let alarm = Alarm(transfers: pointer)
        do {
            return try cancellation.waking(alarm.ring) {
                try turn(easy, exchange, cancellation)
            }
        } catch let kind as TransportError.Kind {
            throw kind
        } catch {
            throw .library("\(error)")
        }
    }

    private func turn(
        _ easy: CurlHandle, _ exchange: Exchange, _ cancellation: HTTPCancellation
    ) throws(TransportError.Kind) -> CURLcode {
        var watch = Watch(exchange.request.limits, now: .now)
        while true {
            if cancellation.isCancelled { throw .cancelled }
            var running: Int32 = 0
            try check(curl_multi_perform(pointer, &running))
            if let result = finished() { return result }
            let isIdle = exchange.isPaused && !exchange.hasNews
            try watch.look(exchange.traffic, now: .now)
            if exchange.isPaused && !isIdle {
                resume(easy, exchange)
                continue
            }
            var events: Int32 = 0
            try check(curl_multi_poll(pointer, nil, 0, watch.patience(now: .now), &events))
            if exchange.isPaused && events == 0 { resume(easy, exchange) }
        }
    }

    private func resume(_ easy: CurlHandle, _ exchange: Exchange) {
        exchange.resume()
        curl_easy_pause(easy.pointer, CURLPAUSE_CONT)
    }

    private func finished() -> CURLcode? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left) {
            if message.pointee.msg == CURLMSG_DONE { return simpul_curl_message_result(message) }
        }
        return nil
    }

    private func check(_ code: CURLMcode) throws(TransportError.Kind) {
        guard code == CURLM_OK else { throw .library(String(cString: curl_multi_strerror(code))) }
    }
}

/// The two clocks a transfer runs against.
private struct Watch {
    private let limits: HTTPLimits
    private let end: ContinuousClock.Instant
    private var stall: StallWatch

    init(_ limits: HTTPLimits, now: ContinuousClock.Instant) {
        self.limits = limits
        end = now.advanced(by: limits.deadline)
        stall = StallWatch(span: limits.stall, bytes: limits.stallBytes, now: now)
    }

    mutating func look(
        _ traffic: HTTPTraffic, now: ContinuousClock.Instant
    ) throws(TransportError.Kind) {
        if now >= end { throw .timedOut(.deadline(limits.deadline)) }
        // Until the first byte of the request leaves, the limit on connecting is in charge.
        if traffic.sent == 0 {
            stall = StallWatch(span: limits.stall, bytes: limits.stallBytes, now: now)
        } else if stall.isStalled(total: traffic.total, now: now) {
            throw .timedOut(.stalled(limits.stall))
        }
    }

    /// Milliseconds until the next look at the latest.
    func patience(now: ContinuousClock.Instant) -> Int32 {
        let next = min(end, stall.expires)
        let wait = min(max(now.duration(to: next), .zero), .seconds(1))
        return Int32(clamping: wait.wholeMilliseconds + 1)
    }
}

/// Wakes a sleeping transfer.
///
/// `curl_multi_wakeup` is the one function of libcurl that may be called from any thread while the
/// handle is in use; `HTTPCancellation.waking` sees to it that it is in use.
private struct Alarm: @unchecked Sendable {
    let transfers: UnsafeMutableRawPointer

    @Sendable func ring() { curl_multi_wakeup(transfers) }
}
