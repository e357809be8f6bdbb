import Catalogue
import Event
import Foundation
import HTTPTypes
import Hummingbird
import Node

/// A person's own login: another PIN or password, and leaving on all devices. Both ask for the present secret, so
/// that a laptop left open gives nobody the account.
struct SecretPages: Sendable {
    private struct SecretPage {
        let isPIN: Bool
        let sessions: String
        let stays: [Stay]
        let message: String?
        let done: String?

        struct Stay {
            let since: String
            let seen: String
            let isThis: Bool
        }
    }

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/sandi") { try page($0, message: nil, isDone: $0.query["selesai"] != nil) }
        routes.post("/sandi", .signedIn, change)
        routes.post("/sesi", .signedIn, signOutEverywhere)
    }

    private func page(_ request: PageRequest, message: String?, isDone: Bool = false) throws -> PageResponse {
        let sessions = site.sessions.all(of: try request.account())
        let stays = sessions.map { session in
            SecretPage.Stay(
                since: moment(session.started, request.language), seen: moment(session.seen, request.language),
                isThis: session.token == request.session?.token)
        }
        return try site.page(
            "secret", for: request, title: "secret.title",
            SecretPage(
                isPIN: site.accounts.rule.isPIN,
                sessions: site.texts("secret.sessions", request.language, ["n": String(stays.count)]), stays: stays,
                message: message,
                done: isDone ? site.texts("secret.done", request.language) : nil))
    }

    private func moment(_ date: Date, _ language: Language) -> String {
        let offset = site.node.timeZone.secondsFromGMT(for: date) / 60
        let moment = DateTime(milliseconds: Int64(date.timeIntervalSince1970) * 1_000, offsetMinutes: offset)
        return Dates(language: language, today: site.node.localDay(date)).text(moment.description)
    }

    private func change(_ request: PageRequest) throws -> PageResponse {
        let account = try request.account()
        let new = request.form.exact("new")
        if let problem = site.accounts.rule.problem(with: new, name: account.name) {
            return try refused(request, problem[request.language], .badRequest)
        }
        guard new == request.form.exact("again") else {
            return try refused(request, site.texts("first.different", request.language), .badRequest)
        }
        let verdict = try site.accounts.changeSecret(
            name: account.name, current: request.form.exact("current"), new: new)
        // All other stays ended with the old secret; this one goes on under a new token.
        return try answer(verdict, request) { site.welcome($0, to: "/sandi?selesai=1", replacing: request.session) }
    }

    private func signOutEverywhere(_ request: PageRequest) throws -> PageResponse {
        let account = try request.account()
        let verdict = try site.accounts.verify(name: account.name, secret: request.form.exact("current"))
        return try answer(verdict, request) { account in
            let changed = try site.accounts.signOutEverywhere(name: account.name)
            return site.welcome(changed, to: "/sandi?selesai=1", replacing: request.session)
        }
    }

    private func answer(
        _ verdict: Accounts.Verdict, _ request: PageRequest, _ welcome: (Account) throws -> PageResponse
    ) throws -> PageResponse {
        switch verdict {
        case .welcome(let account): return try welcome(account)
        case .wrong: return try refused(request, site.texts("secret.wrong", request.language), .unauthorized)
        case .wait(let seconds):
            let text = site.texts("signin.wait", request.language, ["n": String(seconds)])
            var page = try refused(request, text, .tooManyRequests)
            page.headers[.retryAfter] = String(seconds)
            return page
        }
    }

    private func refused(
        _ request: PageRequest, _ message: String, _ status: HTTPResponse.Status
    ) throws -> PageResponse {
        var page = try page(request, message: message)
        page.status = status
        return page
    }
}
