import Foundation
import Synchronization
import Transport

/// A TCP server that does to its clients exactly what the test says, byte by byte: no HTTP library
/// would send what these tests need sent.
///
/// Each connection gets a thread. It ends with the value's life.
final class RawServer: Sendable {
    let port: UInt16
    private let listener: Int32
    private let accepted = Mutex(0)

    /// - Parameter handle: run for each connection, which is closed afterwards. A socket error in it
    ///   ends the connection and nothing else: what the client makes of that is what is tested.
    init(_ handle: @escaping @Sendable (RawConnection) throws -> Void) throws {
        (listener, port) = try RawServer.listen()
        let server = Unowned(self)
        let listener = listener
        Thread.detachNewThread {
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { return }
                // A program started by another test must not keep the connection open.
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                server.noteAccepted()
                let connection = RawConnection(descriptor)
                Thread.detachNewThread {
                    try? handle(connection)
                    connection.close()
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    var connections: Int { accepted.withLock { $0 } }

    func address(_ path: String = "/") throws -> HTTPAddress {
        try HTTPAddress("http://127.0.0.1:\(port)\(path)")
    }

    /// A port on which nobody listens.
    static func deadPort() throws -> UInt16 {
        let (descriptor, port) = try listen()
        close(descriptor)
        return port
    }

    private static func listen() throws -> (Int32, UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isUp = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0
                    && Foundation.listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isUp else { throw SocketError(code: errno) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    fileprivate func noteAccepted() { accepted.withLock { $0 += 1 } }
}

/// Lets the accepting thread count without keeping the server alive.
private final class Unowned: @unchecked Sendable {
    private weak var server: RawServer?
    init(_ server: RawServer) { self.server = server }
    func noteAccepted() { server?.noteAccepted() }
}

struct SocketError: Error { let code: Int32 }
