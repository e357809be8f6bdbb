import Crypto
import Event
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Node
import Store

/// `POST` and `GET /attachments/v1/HASH` (`protocol/11-attachments.md`).
///
/// The line goes first: a content that no line in the child's scope names is not taken, and not given.
public struct AttachmentEndpoint: Sendable {
    static let maximumBytes = AttachmentExchange.pieceRange.upperBound

    let node: Node
    let blobs: BlobStore
    let blocking: Blocking
    /// Who asks is found out as in a sync.
    private let door: SyncEndpoint

    public init(node: Node, blocking: Blocking, gate: Gate) {
        self.init(node: node, blobs: node.blobs, blocking: blocking, gate: gate)
    }

    package init(node: Node, blobs: BlobStore, blocking: Blocking, gate: Gate) {
        (self.node, self.blobs, self.blocking) = (node, blobs, blocking)
        door = SyncEndpoint(node: node, blocking: blocking, gate: gate, onLines: {})
    }

    public func register(on router: Router<some RequestContext>) {
        router.post("/attachments/v1/:hash") { request, context in
            try await answered(request, context.parameters.get("hash") ?? "", take)
        }
        router.get("/attachments/v1/:hash") { request, context in
            try await answered(request, context.parameters.get("hash") ?? "", give)
        }
    }

    private struct Asked {
        let attachment: AttachmentLine
        let range: ByteRange
        let body: Data
    }

    // MARK: - Who asks, and for what

    private func answered(
        _ request: Request, _ hash: String, _ body: (Asked) async throws -> Response
    ) async throws -> Response {
        let name = try door.claimedNode(request)
        let fresh = door.challenger.challenge(node: name.node, now: SyncEndpoint.seconds())
        do {
            var response = try await body(try await asked(request, hash, name))
            response.headers[.simpulChallenge] = fresh
            return response
        } catch var problem as ProblemResponse {
            problem.extraHeaders.append((.simpulChallenge, fresh))
            throw problem
        }
    }

    private func asked(
        _ request: Request, _ hash: String, _ name: (node: NodeName, epoch: Epoch)
    ) async throws -> Asked {
        let known = try await door.knownNode(name)
        guard let challenge = request.headers[.simpulChallenge],
            door.challenger.accepts(challenge, node: name.node, now: SyncEndpoint.seconds()),
            let signature = request.headers[.simpulSignature].flatMap({ Data(base64Encoded: $0) })
        else {
            throw ProblemResponse(
                status: .unauthorized, code: "stale-challenge", detail: "sign again with the challenge of this answer")
        }
        let stated = request.headers[request.method == .post ? .contentRange : .range] ?? ""
        let bytes = try await bytes(of: request)
        let text = AttachmentExchange.text(
            server: node.own.node, node: name.node, epoch: name.epoch, challenge: challenge,
            method: request.method.rawValue, hash: hash, range: stated, body: bytes)
        guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: known.sign),
            key.isValidSignature(signature, for: text)
        else {
            throw ProblemResponse(
                status: .forbidden, code: "bad-signature",
                detail: "the request is not signed by the enrolled key of \(name.node)")
        }
        let region = known.region
        guard BlobStore.isName(hash),
            let attachment = try await blocking.run({
                try node.attachments(inScopeOf: region, hash: hash).first { try !node.isErased($0) }
            })
        else {
            throw ProblemResponse(
                status: .notFound, code: "unknown-attachment",
                detail: "no line here names this content; sync the lines first")
        }
        guard
            let range = ByteRange(stated, size: attachment.size, count: bytes.count, isUpload: request.method == .post)
        else {
            throw ProblemResponse(
                status: .rangeNotSatisfiable, code: "malformed",
                detail: "the range is not one of \(attachment.size) bytes, at most \(Self.maximumBytes) at once")
        }
        return Asked(attachment: attachment, range: range, body: Data(bytes))
    }

    private func bytes(of request: Request) async throws -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: Self.maximumBytes).readableBytesView)
        } catch {
            throw ProblemResponse(
                status: .contentTooLarge, code: "too-large",
                detail: "at most \(Self.maximumBytes) bytes are taken at once")
        }
    }

    // MARK: - Answers

    private func take(_ asked: Asked) async throws -> Response {
        let held: Int64
        do {
            held = try await blocking.run {
                let hash = asked.attachment.sha256
                guard case .bytes(let first, _) = asked.range else {
                    return try blobs.settledHeld(hash, size: asked.attachment.size)
                }
                return try blobs.append(asked.body, to: hash, size: asked.attachment.size, at: first)
            }
        } catch BlobStore.Refusal.gap(let place) {
            // Not a fault: the sender goes on from what is stated.
            held = place
        } catch let refusal as BlobStore.Refusal {
            throw Self.problem(refusal)
        }
        let json = JSON.object([JSONMember("held", .int(held))])
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: json.encoded())))
    }

    private static func problem(_ refusal: BlobStore.Refusal) -> ProblemResponse {
        let (status, code): (HTTPResponse.Status, String) =
            switch refusal {
            case .smallDisk: (HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), "small-disk")
            case .tooLarge: (.contentTooLarge, "too-large")
            case .differs, .gap: (.unprocessableContent, "differs")
            }
        return ProblemResponse(status: status, code: code, detail: refusal.reason)
    }

    private func give(_ asked: Asked) async throws -> Response {
        guard case .bytes(let first, let last) = asked.range else {
            throw ProblemResponse(status: .rangeNotSatisfiable, code: "malformed", detail: "name a range of bytes")
        }
        let hash = asked.attachment.sha256
        guard blobs.isWhole(hash) else {
            throw ProblemResponse(
                status: .notFound, code: "not-here", detail: "the content has not arrived here yet; ask again later")
        }
        let data = try await blocking.run { try blobs.read(hash, from: first, count: Int(last - first + 1)) }
        return Response(
            status: .partialContent,
            headers: [
                .contentType: AttachmentExchange.contentType, .cacheControl: "no-store",
                .contentRange: "bytes \(first)-\(last)/\(asked.attachment.size)",
            ], body: .init(byteBuffer: ByteBuffer(bytes: data)))
    }
}

/// The range of a request: `bytes FIRST-LAST/SIZE` or `bytes */SIZE` up, `bytes=FIRST-LAST` down (RFC 9110, 14).
enum ByteRange: Equatable {
    /// Only where the other side stands is asked for.
    case nothing
    case bytes(first: Int64, last: Int64)

    /// - Parameters:
    ///   - size: of the whole content, as its line says.
    ///   - count: bytes of the body.
    init?(_ text: String, size: Int64, count: Int, isUpload: Bool) {
        let unit = isUpload ? "bytes " : "bytes="
        guard text.hasPrefix(unit) else { return nil }
        var rest = text.dropFirst(unit.count)
        if isUpload {
            guard rest.hasSuffix("/\(size)") else { return nil }
            rest = rest.dropLast("/\(size)".count)
            if rest == "*" {
                guard count == 0 else { return nil }
                self = .nothing
                return
            }
        }
        let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Int64(parts[0]), let last = Int64(parts[1]), 0 <= first, first <= last,
            last < size, last - first < Int64(AttachmentEndpoint.maximumBytes),
            !isUpload || Int64(count) == last - first + 1
        else { return nil }
        self = .bytes(first: first, last: last)
    }
}
