import Foundation
import Synchronization

/// The server's end of one connection. Reads give up after a minute.
final class RawConnection: Sendable {
    private struct State {
        var descriptor: Int32
        var pending: [UInt8] = []
        var received = 0
        var sent = 0
    }

    private let state: Mutex<State>

    init(_ descriptor: Int32) {
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        state = Mutex(State(descriptor: descriptor))
    }

    /// Raw bytes read so far and written so far.
    var traffic: (received: Int, sent: Int) { state.withLock { ($0.received, $0.sent) } }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws {
        try state.withLock { state in
            var done = 0
            while done < bytes.count {
                let count = bytes[done...].withUnsafeBytes {
                    send(state.descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard count > 0 else { throw SocketError(code: errno) }
                done += count
            }
            state.sent += bytes.count
        }
    }

    /// One piece of an answer in chunked coding; an empty one ends it.
    func writeChunk(_ bytes: [UInt8]) throws {
        try write(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8))
    }

    /// The request's header, up to and without its empty line.
    func readHead() throws -> String {
        String(decoding: try read(until: Array("\r\n\r\n".utf8)), as: UTF8.self)
    }

    /// The next piece of a request in chunked coding; nil at its end.
    func readChunk() throws -> [UInt8]? {
        let size = try read(until: Array("\r\n".utf8))
        guard let count = Int(String(decoding: size, as: UTF8.self), radix: 16) else {
            throw SocketError(code: EBADMSG)
        }
        let chunk = try read(count: count)
        _ = try read(count: 2)
        return count == 0 ? nil : chunk
    }

    func read(count: Int) throws -> [UInt8] {
        try state.withLock { state in
            while state.pending.count < count { try RawConnection.fill(&state) }
            defer { state.pending.removeFirst(count) }
            return Array(state.pending.prefix(count))
        }
    }

    func read(until mark: [UInt8]) throws -> [UInt8] {
        try state.withLock { state in
            var checked = 0
            while true {
                let last = state.pending.count - mark.count
                while checked <= last {
                    if state.pending[checked..<checked + mark.count].elementsEqual(mark) {
                        let found = Array(state.pending[..<checked])
                        state.pending.removeFirst(checked + mark.count)
                        return found
                    }
                    checked += 1
                }
                try RawConnection.fill(&state)
            }
        }
    }

    /// Waits until the client hangs up.
    func readToEnd() throws {
        while true { _ = try read(count: 1) }
    }

    func close() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            Foundation.close(state.descriptor)
            state.descriptor = -1
        }
    }

    /// Hangs up as a machine that lost its power and came back does.
    func reset() {
        state.withLock { state in
            var abrupt = linger(l_onoff: 1, l_linger: 0)
            setsockopt(
                state.descriptor, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
        }
        close()
    }

    private static func fill(_ state: inout State) throws {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(state.descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw SocketError(code: count == 0 ? 0 : errno) }
        state.received += count
        state.pending += buffer.prefix(count)
    }
}
