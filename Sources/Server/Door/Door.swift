import Event
import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1
import Store

/// What every request passes before it reaches an endpoint, and every answer on its way out.
///
/// In: its form (host, length, method, content type), how often its source asks, and whether its source may try a
/// password now. Out: headers that every answer carries, one form for all errors, and a line in the log for what was
/// turned away. The numbers stand in `docs/security.md`.
struct Door<Inner: HTTPResponder>: HTTPResponder where Inner.Context: RequestContext {
    typealias Context = Inner.Context

    let inner: Inner
    let headers: AnswerHeaders
    /// Nil where all requests come from one machine, its own: there is no source to count for.
    let guards: DoorGuards?
    let logger: Logger

    func respond(to request: Request, context: Context) async throws -> Response {
        let source = RequestSource((context as? any RemoteAddressRequestContext)?.remoteAddress)
        let family = RequestFamily(path: request.uri.path)
        var response: Response
        do {
            try RequestForm.check(request, family)
            response = try await admitted(request, context, family, source)
        } catch let problem as ProblemResponse {
            response = problem.response
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        } catch let error as HTTPParserError {
            // The connection is out of step: the server closes it.
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // The last resort: what happened is the operator's business, not the asker's.
            logger.error("request failed", metadata: ["family": "\(family)", "reason": "\(error)"])
            response = ProblemResponse.failed.response
        }
        if let guards, let source { note(response.status, family, source, guards) }
        headers.add(to: &response)
        return response
    }

    private func admitted(
        _ request: Request, _ context: Context, _ family: RequestFamily, _ source: RequestSource?
    ) async throws -> Response {
        guard let guards, let source else { return try await inner.respond(to: request, context: context) }
        if let seconds = guards.paces[family]?.take(source) {
            throw ProblemResponse.tooOften("too many requests from \(source); try again later", seconds: seconds)
        }
        let isTry = family.triesSecret(request)
        if isTry, let seconds = guards.wrongTries.pause(source) {
            throw ProblemResponse.tooOften("too many wrong tries from \(source)", seconds: seconds)
        }
        let turnstile = guards.turnstiles[family]
        guard turnstile?.enter(source) ?? true else {
            throw ProblemResponse.busy("too much of this at once; try again in a moment", after: 1...3)
        }
        defer { turnstile?.leave(source) }
        let response = try await inner.respond(to: request, context: context)
        if isTry, family.isWrongTry(response.status) { guards.wrongTries.add(source) }
        return response
    }

    /// Who was turned away, from where and why. No path: it may name a person.
    private func note(
        _ status: HTTPResponse.Status, _ family: RequestFamily, _ source: RequestSource, _ guards: DoorGuards
    ) {
        guard [400, 401, 403, 405, 413, 414, 415, 429].contains(status.code), guards.noting.take(source) == nil else {
            return
        }
        logger.notice(
            "turned away",
            metadata: ["source": "\(source)", "family": "\(family.rawValue)", "status": "\(status.code)"])
    }
}

/// What the door counts, for all connections together.
struct DoorGuards: Sendable {
    /// Syncs of one source at once whose signature is not checked yet.
    static let unprovenSyncs = 12

    let paces: [RequestFamily: RateLimit]
    let wrongTries = WrongTries()
    let turnstiles: [RequestFamily: Turnstile] = [
        // Each question holds a thread and a database connection.
        .query: Turnstile(all: 16, each: 8),
        // A sync is answered once its first frame is here and its signature is good: until then it may be anyone,
        // and nobody may take all places by being slow.
        .sync: Turnstile(all: 64, each: Self.unprovenSyncs),
    ]
    /// A flood is told in few lines.
    let noting = RateLimit(.init(burst: 20, perSecond: 0.1))

    /// - Parameter pace: how often one source may ask for a family.
    init(pace: (RequestFamily) -> RateLimit.Pace) {
        paces = Dictionary(uniqueKeysWithValues: RequestFamily.allCases.map { ($0, RateLimit(pace($0))) })
    }
}

extension RequestFamily {
    /// Pages whose forms bring a password, a PIN or a passphrase.
    static let secretPages: Set = ["/masuk", "/sandi", "/sesi", "/buka"]

    /// Whether a request brings a password, a PIN or an invitation that may be guessed.
    func triesSecret(_ request: Request) -> Bool {
        switch self {
        case .enrolment: true
        case .query: request.headers[.authorization] != nil
        case .page: request.method == .post && Self.secretPages.contains(request.uri.path)
        case .sync, .attachment, .asset: false
        }
    }

    func isWrongTry(_ status: HTTPResponse.Status) -> Bool {
        status == .unauthorized || self == .enrolment && status == .forbidden
    }
}

extension ProblemResponse {
    static let failed = ProblemResponse(
        status: .internalServerError, code: "failed",
        detail: "this server failed at it; nothing recorded is lost, and its operator finds the reason in its log")

    static func tooOften(_ detail: String, seconds: Int) -> ProblemResponse {
        ProblemResponse(
            status: .tooManyRequests, code: "busy", detail: detail, extraHeaders: [(.retryAfter, "\(seconds)")])
    }
}
