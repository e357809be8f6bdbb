import Event
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Node
import Store

/// `POST /enrol/v1` (`protocol/04-session.md`).
public struct EnrolEndpoint: Sendable {
    static let maximumBytes = 8_192

    let node: Node
    let blocking: Blocking
    let onLines: @Sendable () -> Void

    public init(node: Node, blocking: Blocking, onLines: @escaping @Sendable () -> Void) {
        self.node = node
        self.blocking = blocking
        self.onLines = onLines
    }

    public func register(on router: Router<some RequestContext>) {
        router.post("/enrol/v1") { request, _ in try await answer(request) }
    }

    private func answer(_ request: Request) async throws -> Response {
        let buffer: ByteBuffer
        do { buffer = try await request.body.collect(upTo: Self.maximumBytes) } catch {
            throw ProblemResponse(
                status: .contentTooLarge, code: "too-large",
                detail: "an enrolment has at most \(Self.maximumBytes) bytes")
        }
        do {
            let json = try JSON.parse(Array(buffer.readableBytesView))
            let answer = try await blocking.run { try node.enrol(json) }
            onLines()
            var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
            if let name = json["node"]?.stringValue.flatMap({ try? NodeName($0) }) {
                headers[.simpulChallenge] = Challenger(key: node.keys.sign).challenge(
                    node: name, now: SyncEndpoint.seconds())
            }
            return Response(
                status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: answer.encoded())))
        } catch let error as NodeError where error.kind == .refused {
            throw ProblemResponse(status: .forbidden, code: "bad-token", detail: error.description)
        } catch let error as NodeError {
            throw ProblemResponse(status: .badRequest, code: "malformed", detail: error.description)
        } catch let error as JSONError {
            throw ProblemResponse(status: .badRequest, code: "malformed", detail: "\(error)")
        } catch let error as NameError {
            throw ProblemResponse(status: .badRequest, code: "malformed", detail: "\(error)")
        } catch let error as StoreError {
            node.logger.error("enrolment refused", metadata: ["reason": "\(error)"])
            throw ProblemResponse.unavailable(error)
        }
    }
}
