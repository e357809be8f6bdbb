import Foundation

/// A blocking TCP connection, for bytes that no HTTP library would send.
public final class Socket: Sendable {
    public let descriptor: Int32

    public init(descriptor: Int32) {
        self.descriptor = descriptor
        // A program started by another test must not keep the connection open.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    /// Connects to loopback.
    ///
    /// - Parameters:
    ///   - from: the loopback address to come from, such as `127.0.0.2`.
    ///   - receiveBuffer: bytes the system may keep until they are read, for one who does not read.
    public convenience init(port: Int, from: String? = nil, receiveBuffer: Int32? = nil) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        if let from {
            var source = Socket.loopback(0)
            source.sin_addr.s_addr = inet_addr(from)
            let isBound = withUnsafePointer(to: &source) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            guard isBound == 0 else {
                Foundation.close(descriptor)
                throw SocketError(code: errno)
            }
        }
        var address = Socket.loopback(UInt16(port))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            Foundation.close(descriptor)
            throw SocketError(code: errno)
        }
        self.init(descriptor: descriptor)
    }

    deinit { Foundation.close(descriptor) }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = port.bigEndian
        return address
    }

    /// Sends all bytes. False once the peer takes no more.
    @discardableResult
    public func send(_ bytes: some Collection<UInt8>) -> Bool {
        let bytes = Array(bytes)
        var offset = 0
        while offset < bytes.count {
            // A dead peer shows as an error here, not as a signal that ends the tests.
            let sent = bytes.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            offset += sent
        }
        return true
    }

    @discardableResult
    public func send(_ text: String) -> Bool { send(text.utf8) }

    /// What comes within a time; empty at the end of the stream, nil when nothing came.
    public func receive(within seconds: Double = 20) -> [UInt8]? {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&wait, 1, Int32(seconds * 1_000)) > 0 else { return nil }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer.prefix(count)) : []
    }

    /// Everything until the peer closes or the time is over.
    public func receiveAll(within seconds: Double = 20) -> [UInt8] {
        let deadline = Date(timeIntervalSinceNow: seconds)
        var all: [UInt8] = []
        while let bytes = receive(within: max(0, deadline.timeIntervalSinceNow)), !bytes.isEmpty { all += bytes }
        return all
    }

    /// The answer as text until its header and whatever came with it, or until the end.
    public func answer(within seconds: Double = 20) -> String {
        let deadline = Date(timeIntervalSinceNow: seconds)
        var all: [UInt8] = []
        while let bytes = receive(within: max(0, deadline.timeIntervalSinceNow)), !bytes.isEmpty {
            all += bytes
            if String(decoding: all, as: UTF8.self).contains("\r\n\r\n") { break }
        }
        return String(decoding: all, as: UTF8.self)
    }

    public func finishSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends both directions at once, without a word.
    public func abort() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

public struct SocketError: Error { public let code: Int32 }

/// Accepts connections on loopback, each handled on a thread of its own, as long as it lives.
public final class Listener: Sendable {
    public let port: Int
    private let descriptor: Int32

    public init(_ handle: @escaping @Sendable (Socket) -> Void) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Socket.loopback(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isUp = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isUp else { throw SocketError(code: errno) }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread {
            while case let accepted = accept(descriptor, nil, nil), accepted >= 0 {
                let socket = Socket(descriptor: accepted)
                Thread.detachNewThread { handle(socket) }
            }
        }
    }

    deinit {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    public var url: String { "http://127.0.0.1:\(port)" }
}
