import Catalogue
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Node

/// Who may reach a route.
enum Access: Sendable {
    case everyone
    /// Everyone, also while the node is locked.
    case evenLocked
    case signedIn
}

/// Adds page handlers to a router: reads the request, finds the session, guards forms, runs the handler off the
/// cooperative pool, turns errors into pages.
struct PageRoutes {
    typealias Handler = @Sendable (PageRequest) throws -> PageResponse

    private let site: Site
    private let add: (HTTPRequest.Method, RouterPath, Access, @escaping Handler) -> Void

    init<Context: RequestContext>(site: Site, router: Router<Context>) {
        self.site = site
        let entrance = PageEntrance(site: site)
        add = { method, path, access, handler in
            router.on(path, method: method) { request, context in
                try await entrance.answer(
                    request, parameters: context.parameters, access: access, handler: handler)
            }
        }
    }

    func get(_ path: RouterPath, _ access: Access = .signedIn, _ handler: @escaping Handler) {
        add(.get, path, access, handler)
    }

    func post(_ path: RouterPath, _ access: Access = .signedIn, _ handler: @escaping Handler) {
        add(.post, path, access, handler)
    }
}

/// The way from an HTTP request to a handler and back.
struct PageEntrance: Sendable {
    let site: Site

    func answer(
        _ request: Request, parameters: Parameters, access: Access, handler: @escaping PageRoutes.Handler
    ) async throws -> Response {
        let site = self.site
        let token = request.cookies[site.cookies.session]?.value
        // The account of a session is looked up in its file, and the vault has files too: all of it may block.
        let session = try await site.blocking.run { token.flatMap { site.sessions.session($0) } }
        let query = request.uri.query.flatMap { FormBody(urlEncoded: $0) } ?? FormBody()
        var page = PageRequest(
            path: request.uri.path, target: request.uri.description,
            parameters: parameters.reduce(into: [:]) { $0[String($1.key)] = String($1.value) },
            query: query, form: FormBody(), language: language(request, query), session: session,
            formToken: site.formGuard.token(for: session?.token))
        do {
            guard site.accepts(host: request.head.authority) else { throw PageError.notAllowed }
            if request.method == .post {
                page = try await posted(request, page)
            }
            let answered = page
            return try await site.blocking.run {
                if access != .evenLocked, try site.node.vault.state() == .locked { throw PageError.locked }
                if access == .signedIn, session == nil { throw PageError.signInNeeded }
                if session != nil { try site.node.vault.touch() }
                return try site.audited(answered) { try handler(answered) }
            }.response()
        } catch {
            let (failed, error) = (page, error)
            return try await site.blocking.run { try site.errorPage(error, for: failed) }.response()
        }
    }

    private func language(_ request: Request, _ query: FormBody) -> Language {
        let wanted = query["lang"] ?? request.cookies[site.cookies.language]?.value
        return wanted.flatMap(Language.init) ?? .indonesian
    }

    private func posted(_ request: Request, _ page: PageRequest) async throws -> PageRequest {
        guard FormGuard.isFromHere(request.head) else { throw PageError.staleForm }
        guard let buffer = try? await request.body.collect(upTo: FormBody.maximumBytes),
            let text = String(validating: buffer.readableBytesView, as: UTF8.self),
            let form = FormBody(urlEncoded: text)
        else { throw PageError.badForm }
        guard site.formGuard.accepts(form["token"], session: page.session?.token) else { throw PageError.staleForm }
        return PageRequest(
            path: page.path, target: page.target, parameters: page.parameters, query: page.query, form: form,
            language: page.language,
            session: page.session, formToken: page.formToken)
    }
}
