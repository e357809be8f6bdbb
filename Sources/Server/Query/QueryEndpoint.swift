import Event
import HTTPTypes
import Hummingbird
import Logging
import Node
import ReadModels

/// `GET /q/v1/…`: questions to the read models of a hub or the centre (`docs/queries.md`).
public struct QueryEndpoint: Sendable {
    let node: Node
    let authority: any QueryAuthority
    let blocking: Blocking

    public init(node: Node, authority: any QueryAuthority, blocking: Blocking) {
        self.node = node
        self.authority = authority
        self.blocking = blocking
    }

    public func register(on router: Router<some RequestContext>) {
        router.get("/q/v1/models") { request, _ in
            try await respond(request) { try $0.list() }
        }
        router.get("/q/v1/models/:model") { request, context in
            let model = try context.parameters.require("model")
            return try await respond(request) { try $0.rows(of: model) }
        }
        router.get("/q/v1/models/:model/explain") { request, context in
            let model = try context.parameters.require("model")
            return try await respond(request) { try $0.explanation(in: model) }
        }
        router.get("/q/v1/figures") { request, _ in
            try await respond(request) { try $0.figures() }
        }
        router.get("/q/v1/openapi.json") { request, _ in
            try await respond(request) { try $0.description() }
        }
    }

    /// Checks who asks, then answers on a thread that may block.
    private func respond(
        _ request: Request, _ body: @escaping @Sendable (QueryTurn) throws -> Response
    ) async throws -> Response {
        let login = QueryLogin(request.head)
        let headers = QueryHeaders(request.headers)
        let query = request.uri.query
        return try await blocking.run {
            let reader = try login.reader(authority)
            do {
                let access = try node.reader(
                    role: reader.role, region: reader.region, actor: reader.actor,
                    isOfficial: reader.isVillageOfficial)
                guard access.seesAnything else {
                    throw ProblemResponse.notAllowed("The role \(reader.role) asks no queries here.")
                }
                let turn = QueryTurn(
                    node: node, reader: reader, access: access, parameters: try QueryParameters(query),
                    headers: headers,
                    path: request.uri.path, sessionCookie: authority.sessionCookie)
                return try body(turn)
            } catch let error as ReadModelError {
                let problem = ProblemResponse(error)
                if problem.status.kind == .serverError {
                    node.logger.error("query", metadata: ["reason": "\(error)"])
                }
                throw problem
            }
        }
    }
}
