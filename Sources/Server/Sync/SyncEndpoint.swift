import Event
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Node
import Store
import Sync

extension HTTPField.Name {
    static let simpulVersion = HTTPField.Name("Simpul-Version")!
    static let simpulNode = HTTPField.Name("Simpul-Node")!
    static let simpulChallenge = HTTPField.Name("Simpul-Challenge")!
    static let simpulSignature = HTTPField.Name("Simpul-Signature")!
    static let retryAfter = HTTPField.Name("Retry-After")!
}

/// `POST /sync/v1` (`protocol/04-session.md`).
///
/// The order of checks is the protocol's: version, node, revocation and challenge from the headers; then the first
/// frame only, and the signature over it; nothing else is read or done before.
public struct SyncEndpoint: Sendable {
    static let contentType = "application/vnd.simpul.sync"

    let node: Node
    let blocking: Blocking
    let gate: Gate
    let challenger: Challenger
    let limits: SyncLimits
    /// Told after each conversation that brought lines.
    let onLines: @Sendable () -> Void

    public init(node: Node, blocking: Blocking, gate: Gate, onLines: @escaping @Sendable () -> Void) {
        self.init(node: node, blocking: blocking, gate: gate, limits: .init(), onLines: onLines)
    }

    package init(
        node: Node, blocking: Blocking, gate: Gate, limits: SyncLimits,
        onLines: @escaping @Sendable () -> Void
    ) {
        self.limits = limits
        self.node = node
        self.blocking = blocking
        self.gate = gate
        challenger = Challenger(key: node.keys.sign)
        self.onLines = onLines
    }

    public func register(on router: Router<some RequestContext>) {
        router.post("/sync/v1") { request, _ in try await answer(request) }
    }

    private func answer(_ request: Request) async throws -> Response {
        let name = try claimedNode(request)
        let fresh = challenger.challenge(node: name.node, now: Self.seconds())
        do {
            return try await answer(request, name, fresh: fresh)
        } catch var problem as ProblemResponse {
            problem.extraHeaders.append((.simpulChallenge, fresh))
            throw problem
        } catch let error as FrameError {
            throw Self.problem(error, extraHeaders: [(.simpulChallenge, fresh)])
        } catch let error as StoreError {
            node.logger.error("sync refused", metadata: ["node": "\(name.node)", "reason": "\(error)"])
            throw ProblemResponse.unavailable(error, extraHeaders: [(.simpulChallenge, fresh)])
        }
    }

    /// What is wrong with the first frame concerns the whole request.
    private static func problem(_ error: FrameError, extraHeaders: [(HTTPField.Name, String)]) -> ProblemResponse {
        let (status, code): (HTTPResponse.Status, String) =
            switch error.code {
            case .outOfScope: (.forbidden, "out-of-scope")
            case .tooLarge: (.contentTooLarge, "too-large")
            default: (.badRequest, "bad-frame")
            }
        return ProblemResponse(status: status, code: code, detail: error.detail, extraHeaders: extraHeaders)
    }

    private func answer(_ request: Request, _ name: (node: NodeName, epoch: Epoch), fresh: String) async throws
        -> Response
    {
        guard request.headers[.simpulVersion] == "1" else {
            throw ProblemResponse(
                status: .badRequest, code: "version", detail: "this server speaks version 1 of the protocol",
                members: [JSONMember("versions", .array([.int(1)]))])
        }
        let known = try await knownNode(name)
        guard let challenge = request.headers[.simpulChallenge],
            challenger.accepts(challenge, node: name.node, now: Self.seconds()),
            let signature = request.headers[.simpulSignature]
        else {
            throw ProblemResponse(
                status: .unauthorized, code: "stale-challenge", detail: "sign again with the challenge of this answer")
        }
        // Told before anything is read for nothing; no place is taken yet.
        guard gate.hasPlace else { throw ProblemResponse.tooManySessions }
        let conversation = SyncConversation(node: node, body: request.body, limits: limits)
        let first = try await conversation.firstFrame()
        guard
            RequestSignature.isValid(
                signature, publicKey: known.sign, server: node.own.node, node: name.node, epoch: name.epoch,
                challenge: challenge, first: first)
        else {
            throw ProblemResponse(
                status: .forbidden, code: "bad-signature",
                detail: "the request is not signed by the enrolled key of \(name.node), or is meant for another server")
        }
        // Only now: whoever merely knows the name of a node holds no place by being slow.
        guard let pass = gate.enter() else { throw ProblemResponse.tooManySessions }
        guard pass.claim(name.node, name.epoch) else {
            throw ProblemResponse.busy(
                "a session of \(name.node) is under way: another program on it syncs, or one was cut and is not over yet",
                after: 5...15)
        }
        try await conversation.accept(.init(node: name.node, epoch: name.epoch, region: known.region))
        return Response(
            status: .ok,
            headers: [.contentType: Self.contentType, .cacheControl: "no-store", .simpulChallenge: fresh],
            body: body(conversation, known, pass))
    }

    private func body(_ conversation: SyncConversation, _ child: Enrolment, _ pass: Gate.Pass) -> ResponseBody {
        ResponseBody { writer in
            defer { withExtendedLifetime(pass) {} }
            do {
                while let bytes = try await conversation.nextOutput() {
                    try await writer.write(ByteBuffer(bytes: bytes))
                }
                // Only now: a server that was restored has its own lost lines back from the child before it writes
                // new ones.
                await noteContact(child)
                try await writer.finish(nil)
            } catch {
                await conversation.takeWhatCame()
                node.logger.warning(
                    "sync cut", metadata: ["node": "\(child.node)", "reason": "\(error)"])
                if await conversation.added > 0 { onLines() }
                throw error
            }
            let added = await conversation.added
            node.logger.info("sync", metadata: ["node": "\(child.node)", "lines": "\(added)"])
            if added > 0 { onLines() }
        }
    }

    // MARK: - Who asks

    func claimedNode(_ request: Request) throws -> (node: NodeName, epoch: Epoch) {
        let parts = (request.headers[.simpulNode] ?? "").split(separator: "/").map(String.init)
        guard parts.count == 2, let node = try? NodeName(parts[0]), let epoch = try? Epoch(parts[1]) else {
            throw ProblemResponse(
                status: .forbidden, code: "unknown-node", detail: "Simpul-Node names a node and its epoch")
        }
        return (node, epoch)
    }

    func knownNode(_ name: (node: NodeName, epoch: Epoch)) async throws -> Enrolment {
        let known = try await blocking.run { try node.store.enrolment(node: name.node, epoch: name.epoch) }
        guard let known, known.enrolment.region.isAtOrBelow(node.own.region), known.enrolment.node != node.own.node
        else {
            throw ProblemResponse(
                status: .forbidden, code: "unknown-node",
                detail: "\(name.node) with this key is not enrolled here. Ask this server's operator for an invitation."
            )
        }
        if let revoked = known.revoked {
            throw ProblemResponse(
                status: .forbidden, code: "revoked-node",
                detail: "\(name.node) was revoked on \(revoked). What it recorded is safe on it; ask the operator.")
        }
        return known.enrolment
    }

    /// Once per node and day, so that a quiet village is not taken for a dead one.
    private func noteContact(_ child: Enrolment) async {
        do {
            try await writeContact(child)
        } catch {
            // The session itself is whole; tomorrow's contact is noted again.
            node.logger.error("contact not noted", metadata: ["node": "\(child.node)", "reason": "\(error)"])
        }
    }

    private func writeContact(_ child: Enrolment) async throws {
        try await blocking.run {
            var peer = try node.store.peer(child.node)
            let today = node.localDay(node.now())
            peer.lastContact = DateTime(milliseconds: Int64(node.now().timeIntervalSince1970) * 1_000).description
            let isNew = peer.contactDay != today
            peer.contactDay = today
            // Restored, and waiting for others: it may not write yet.
            if isNew, try !node.store.isHolding() {
                try node.recorder.record(
                    Draft(
                        type: "node.contacted", subject: child.node.description,
                        data: .object([
                            JSONMember("node", .string(child.node.description)),
                            JSONMember("epoch", .string(child.epoch.description)), JSONMember("on", .string(today)),
                        ]), actor: node.own.node.description, role: "system", audience: child.region,
                        region: child.region))
                onLines()
            }
            try node.store.save(peer)
        }
    }

    static func seconds() -> UInt64 { UInt64(max(0, Date().timeIntervalSince1970)) }
}

extension ProblemResponse {
    fileprivate static var tooManySessions: ProblemResponse {
        .busy("too many sessions at once; try again later", after: 20...60)
    }
}
