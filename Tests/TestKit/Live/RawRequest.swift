import Crypto
import Event
import Foundation
import Node
import Store
import Sync

/// A sync request made by hand, so that any part of it can be wrong.
public struct RawRequest: Sendable {
    public var version = "1"
    public var node: String
    public var server: NodeName
    /// Nil: none is sent.
    public var challenge: String?
    public var key: Curve25519.Signing.PrivateKey
    /// The records of the first frame.
    public var hello: [JSON]
    /// Sent in place of the encoded hello.
    public var garbled: [UInt8]?
    /// Frames after the hello, encoded.
    public var rest: [UInt8] = []
    /// Header lines beside the protocol's.
    public var extraHeaders: [String] = []

    /// A request of `node` that holds nothing.
    public init(_ node: Node, to server: NodeName, challenge: String?) {
        self.node = "\(node.own.node)/\(node.own.epoch)"
        self.server = server
        self.challenge = challenge
        key = node.keys.sign
        let empty = JSON.string(TableDigest.of([TableRow]()))
        hello = [
            .object([
                JSONMember("hello", .int(1)), JSONMember("node", .string(node.own.node.description)),
                JSONMember("epoch", .string(node.own.epoch.description)),
                JSONMember("region", .string(node.own.region.description)), JSONMember("table", empty),
                JSONMember("mark", .string("")), JSONMember("rows", .array([])), JSONMember("full", .bool(true)),
                JSONMember("ask", .bool(false)), JSONMember("receipts", empty), JSONMember("keys", empty),
                JSONMember("max", .int(1 << 20)),
            ])
        ]
    }

    /// A request that a server takes: its challenge is made with the server's own key.
    public init(_ node: Node, to server: Node) {
        self.init(
            node, to: server.own.node,
            challenge: Challenger(key: server.keys.sign).challenge(
                node: node.own.node, now: UInt64(max(0, Date().timeIntervalSince1970))))
    }

    /// Changes a member of the hello.
    public mutating func say(_ name: String, _ value: JSON) { hello[0] = hello[0].setting(name, to: value) }

    public mutating func add(_ frame: LinesFrame) throws { rest += try Frame.lines(frame).encoded() }

    /// Adds a frame of any content.
    public mutating func add(content: [UInt8]) throws { rest += try Zstd.compress(content) }

    public var body: [UInt8] { get throws { try garbled ?? Frame.control(hello).encoded() + rest } }

    /// - Parameter length: of the body; nil is for a body in chunks.
    public func head(length: Int?) throws -> String {
        let parts = node.split(separator: "/").map(String.init)
        var lines = [
            "POST /sync/v1 HTTP/1.1", "Host: localhost", "Connection: close",
            "Content-Type: application/vnd.simpul.sync", "Simpul-Version: \(version)", "Simpul-Node: \(node)",
            length.map { "Content-Length: \($0)" } ?? "Transfer-Encoding: chunked",
        ]
        if let challenge {
            let signature = try RequestSignature.sign(
                key: key, server: server, node: try NodeName(parts[0]), epoch: try Epoch(parts[1]),
                challenge: challenge, first: Frame.control(hello).content)
            lines += ["Simpul-Challenge: \(challenge)", "Simpul-Signature: \(signature)"]
        }
        return (lines + extraHeaders).joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Sends it whole on a connection of its own and reads the answer until the server closes.
    ///
    /// - Parameter inChunks: does not say beforehand how long it is.
    public func send(to server: LiveServer, inChunks: Bool = false) async throws -> RawAnswer {
        try await send(port: server.port, inChunks: inChunks)
    }

    /// - Parameter from: the loopback address to come from: limits are counted by address.
    public func send(port: Int, from: String? = nil, inChunks: Bool = false) async throws -> RawAnswer {
        let plain = try body
        let body = inChunks ? Chunks.chunk(plain) + Array("0\r\n\r\n".utf8) : plain
        return try await offPool { [head = Array(try head(length: inChunks ? nil : plain.count).utf8)] in
            let socket = try Socket(port: port, from: from)
            // The server answers while it reads: a sender that does not read meanwhile would stop both.
            Thread.detachNewThread { socket.send(head + body) }
            return RawAnswer(socket.receiveAll(within: 90))
        }
    }
}

/// An answer taken apart.
public struct RawAnswer: Sendable {
    public let status: Int
    public let headers: [String: String]
    public let body: [UInt8]

    public init(_ bytes: [UInt8]) {
        let separator = Array("\r\n\r\n".utf8)
        let end = bytes.indices.first { bytes[$0...].starts(with: separator) } ?? bytes.count
        let lines = String(decoding: bytes[..<end], as: UTF8.self).components(separatedBy: "\r\n")
        status = lines.first.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
        headers = Dictionary(
            lines.dropFirst().compactMap { line -> (String, String)? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                return (
                    line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                )
            }, uniquingKeysWith: { first, _ in first })
        let raw = Array(bytes.dropFirst(end + separator.count))
        body = headers["transfer-encoding"] == "chunked" ? Chunks.joined(raw) : raw
    }

    /// Code of a problem document.
    public var code: String? { (try? JSON.parse(body, limits: .document))?["code"]?.stringValue }

    /// Control records of the answer's frames, as far as they are whole.
    public var records: [JSON] {
        guard let reader = try? FrameReader() else { return [] }
        try? reader.feed(body)
        var records: [JSON] = []
        while let frame = try? reader.next() { if case .control(let some) = frame { records += some } }
        return records
    }

    /// Codes of what was refused, with the log where it is named.
    public var refusals: [(code: String, log: String?)] {
        records.compactMap { record in record["refused"]?.stringValue.map { ($0, record["log"]?.stringValue) } }
    }

    /// Logs that the server now states to hold, with the size.
    public var held: [String: Int64] {
        let pairs = records.filter { $0["receipt"]?.stringValue == "held" }.compactMap { record in
            (try? Receipt(json: record)).map { ($0.log.description, $0.size) }
        }
        return Dictionary(pairs, uniquingKeysWith: max)
    }

    /// Whether it came to its end as the protocol has it.
    public var hasEnd: Bool { records.last?["end"] != nil }

    /// Lines frames of the answer.
    public var lines: [LinesFrame] {
        guard let reader = try? FrameReader() else { return [] }
        try? reader.feed(body)
        var lines: [LinesFrame] = []
        while let frame = try? reader.next() { if case .lines(let some) = frame { lines.append(some) } }
        return lines
    }
}

/// HTTP/1.1 chunked coding.
public enum Chunks {
    /// The bytes without their framing, as far as they came.
    public static func joined(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = []
        var rest = bytes[...]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")),
            let size = Int(
                String(decoding: rest[..<newline], as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines),
                radix: 16),
            size > 0
        {
            let start = newline + 1
            out += bytes[start..<min(start + size, bytes.count)]
            rest = bytes[min(start + size + 2, bytes.count)...]
        }
        return out
    }

    public static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }
}
