import Crypto
import Event
import Foundation
import Store
import Sync
import Transport

/// Carries contents to and from the parent, after all lines (`protocol/11-attachments.md`).
///
/// Blocking: runs on the thread of an `HTTPWorker`.
public struct AttachmentExchange {
    public enum Outcome: Sendable, Equatable {
        /// All that could go is there.
        case done
        /// Lines were saved meanwhile: they go first.
        case linesWait
    }

    public static let contentType = "application/octet-stream"
    public static let pieceRange = 4_096...262_144

    let node: Node
    let client: HTTPClient

    public init(node: Node, client: HTTPClient) {
        self.node = node
        self.client = client
    }

    /// The text that a node signs to make a request its own.
    public static func text(
        server: NodeName, node: NodeName, epoch: Epoch, challenge: String, method: String, hash: String, range: String,
        body: [UInt8]
    ) -> Data {
        let digest = Data(SHA256.hash(data: body)).base64EncodedString()
        return Data(
            "simpul-attachment/v1\n\(server)\n\(node)/\(epoch)\n\(challenge)\n\(method)\n\(hash)\n\(range)\n\(digest)"
                .utf8)
    }

    // MARK: - Up

    /// Sends what waits, piece by piece, and stops as soon as a line waits.
    ///
    /// - Parameter agreed: the store's change counter when the lines were agreed on.
    /// - Throws: `TransportError` where the line failed; what was confirmed stays with the parent.
    public func sendAll(since agreed: Int64) throws -> Outcome {
        for (hash, errand) in try node.blobs.errands() {
            guard node.blobs.isWhole(hash) else {
                try node.blobs.sent(hash)
                continue
            }
            if try send(hash, errand, since: agreed) == .linesWait { return .linesWait }
        }
        return .done
    }

    private func send(_ hash: String, _ kept: BlobStore.Errand, since agreed: Int64) throws -> Outcome {
        var errand = kept
        errand.refused = nil
        let size = node.blobs.held(hash)
        guard try !linesWait(since: agreed) else { return .linesWait }
        do {
            var held = try ask(hash, [], range: "bytes */\(size)")
            while held < size {
                guard try !linesWait(since: agreed) else { return .linesWait }
                let piece = try node.blobs.read(hash, from: held, count: errand.piece)
                do {
                    let last = held + Int64(piece.count) - 1
                    held = try ask(hash, [UInt8](piece), range: "bytes \(held)-\(last)/\(size)")
                    errand.grow()
                } catch let error as TransportError where error.retry == .smaller {
                    errand.shrink()
                    try node.blobs.send(hash, errand)
                    throw error
                }
            }
            try node.blobs.sent(hash)
        } catch let error as TransportError {
            // A refusal concerns this one; it is tried again with the next sync.
            guard let answer = error.answer, let problem = try? JSON.parse(answer.body, limits: .document),
                let code = problem["code"]?.stringValue, Self.refusals.contains(code)
            else { throw error }
            errand.refused = problem["detail"]?.stringValue ?? code
            try node.blobs.send(hash, errand)
        }
        return .done
    }

    private static let refusals: Set<String> = ["unknown-attachment", "differs", "small-disk", "too-large"]

    private func linesWait(since agreed: Int64) throws -> Bool {
        try !node.store.table(scope: node.own.region, changedSince: agreed).isEmpty
    }

    /// - Returns: bytes that the parent holds, by its own statement.
    private func ask(_ hash: String, _ body: [UInt8], range: String) throws -> Int64 {
        var held: Int64?
        try perform(.post, hash, range: range, body: body, expecting: "application/json") { answer in
            held = try JSON.parse(answer, limits: .document)["held"]?.intValue
        }
        guard let held else { throw NodeError.noStatement }
        return held
    }

    // MARK: - Down

    /// Fetches a content from the parent, from where it broke off before.
    ///
    /// - Throws: `TransportError`; `BlobStore.Refusal` where it is not what its line names, or the disk is small.
    public func fetch(_ attachment: AttachmentLine) throws {
        let hash = attachment.sha256
        for _ in 0..<64 where !node.blobs.isWhole(hash) {
            let held = try node.blobs.settledHeld(hash, size: attachment.size)
            guard held < attachment.size else { return }
            let last = min(held + Int64(Self.pieceRange.upperBound), attachment.size) - 1
            let range = "bytes=\(held)-\(last)"
            try perform(.get, hash, range: range, body: [], expecting: Self.contentType) { bytes in
                try node.blobs.append(Data(bytes), to: hash, size: attachment.size, at: held)
            }
        }
    }

    // MARK: - A request

    /// A piece as a stream: libcurl sends bytes again by itself when a connection breaks, and the next time a smaller
    /// piece is to go.
    private static func body(_ bytes: [UInt8], _ method: HTTPRequest.Method) -> HTTPBody {
        guard method == .post else { return .none }
        guard !bytes.isEmpty else { return .bytes([]) }
        var isSent = false
        return .stream(
            length: Int64(bytes.count),
            next: {
                defer { isSent = true }
                return isSent ? .end : .chunk(bytes)
            })
    }

    private func perform(
        _ method: HTTPRequest.Method, _ hash: String, range: String, body: [UInt8], expecting: String,
        _ take: ([UInt8]) throws -> Void
    ) throws {
        guard let configured = node.configuration.parent, let parent = try node.parent() else {
            throw NodeError(.badInput, "\(node.own.node) has no parent", advice: "it is the centre")
        }
        let address = try HTTPAddress(configured.url).resolving("/attachments/v1/\(hash)")
        var memory = try node.store.peer(parent.node)
        for attempt in 0...1 {
            let name = method == .post ? "POST" : "GET"
            let own = node.own
            let text = Self.text(
                server: parent.node, node: own.node, epoch: own.epoch, challenge: memory.challenge, method: name,
                hash: hash, range: range, body: body)
            let headers: HTTPHeaders = [
                "Content-Type": Self.contentType, "Accept": expecting, "Simpul-Version": "1",
                "Simpul-Node": "\(own.node)/\(own.epoch)", method == .post ? "Content-Range" : "Range": range,
                "Simpul-Challenge": memory.challenge,
                "Simpul-Signature": try node.keys.sign.signature(for: text).base64EncodedString(),
            ]
            do {
                let answer = try client.collect(
                    HTTPRequest(
                        method, address, headers: headers, body: Self.body(body, method),
                        expecting: expecting))
                return try take(answer.body)
            } catch let error as TransportError {
                guard attempt == 0, let answer = error.answer, answer.head.status == 401,
                    let challenge = answer.head.headers["Simpul-Challenge"]
                else { throw error }
                memory.challenge = challenge
                try node.store.save(memory)
            }
        }
    }
}

extension BlobStore.Errand {
    fileprivate mutating func grow() {
        let next = piece < ceiling ? min(piece * 2, ceiling) : piece + piece / 8
        piece = min(next, AttachmentExchange.pieceRange.upperBound)
    }

    fileprivate mutating func shrink() {
        piece = max(piece / 2, AttachmentExchange.pieceRange.lowerBound)
        ceiling = piece
    }
}

extension NodeError {
    fileprivate static let noStatement = NodeError(
        .unreachable, "the parent did not say how much it holds",
        advice: "what is here stays here and is sent again later")
}
