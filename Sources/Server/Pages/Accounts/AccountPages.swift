import Catalogue
import Foundation
import Hummingbird
import Node

/// Signing in and out, the first account of a laptop, and the choice of language.
struct AccountPages: Sendable {
    private struct SignInPage {
        let isPIN: Bool
        let names: [Name]
        let typedName: String
        let message: String?
        let next: String

        struct Name {
            let accountName: String
            let nameID: String
            let isChosen: Bool
        }
    }

    private struct FirstPage {
        let typedName: String
        let message: String?
        let roles: [Role]

        struct Role {
            let code: String
            let roleLabel: String
            let isChosen: Bool
        }
    }

    /// Roles of people on a village's laptop.
    private static let villageRoles = [
        "community_organizer", "penggerak", "kawan_volunteer", "village_official", "kkn_student",
    ]

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/masuk", .everyone) { try signInPage($0, message: nil) }
        routes.post("/masuk", .everyone, signIn)
        routes.post("/keluar", .everyone, signOut)
        routes.post("/bahasa", .everyone, chooseLanguage)
        guard site.accounts.rule.isPIN else { return }
        routes.get("/mulai", .everyone) { try firstPage($0, message: nil) }
        routes.post("/mulai", .everyone, addFirst)
    }

    private func signInPage(_ request: PageRequest, message: String?) throws -> PageResponse {
        let accounts = try site.accounts.list()
        guard !(accounts.isEmpty && site.accounts.rule.isPIN) else { return .redirect("/mulai") }
        let isPIN = site.accounts.rule.isPIN
        let typed = request.form["name"] ?? (isPIN && accounts.count == 1 ? accounts[0].name : "")
        // Colleagues choose their name on the laptop, and a name that is alone there is chosen already. A server does
        // not tell whoever asks who has an account.
        let names = (isPIN ? accounts : []).enumerated().map { number, account in
            SignInPage.Name(
                accountName: account.name, nameID: "name-\(number)", isChosen: account.name == typed)
        }
        return try site.page(
            "signin", for: request, title: "signin.title",
            SignInPage(
                isPIN: isPIN, names: names, typedName: typed, message: message,
                next: Self.localPath(request.query["lanjut"])))
    }

    private func signIn(_ request: PageRequest) throws -> PageResponse {
        let verdict = try site.accounts.verify(name: request.form["name"] ?? "", secret: request.form.exact("secret"))
        switch verdict {
        case .welcome(let account):
            return site.welcome(account, to: Self.localPath(request.form["next"]), replacing: request.session)
        case .wrong:
            var page = try signInPage(request, message: site.texts("signin.wrong", request.language))
            page.status = .unauthorized
            return page
        case .wait(let seconds):
            let text = site.texts("signin.wait", request.language, ["n": String(seconds)])
            var page = try signInPage(request, message: text)
            page.status = .tooManyRequests
            page.headers[.retryAfter] = String(seconds)
            return page
        }
    }

    private func signOut(_ request: PageRequest) throws -> PageResponse {
        if let session = request.session { site.sessions.end(session.token) }
        var response = PageResponse.redirect("/masuk")
        response.cookies = [site.cookie(site.cookies.session, "", lasting: 0)]
        response.headers[.clearSiteData] = #""cache", "storage""#
        return response
    }

    private func chooseLanguage(_ request: PageRequest) throws -> PageResponse {
        var response = PageResponse.redirect(Self.localPath(request.form["next"]))
        let year = 365 * 86_400
        response.cookies = [
            site.cookie(site.cookies.language, request.form["language"] == "en" ? "en" : "id", lasting: year)
        ]
        return response
    }

    /// A path of this server, or the start page: never another site's address.
    static func localPath(_ text: String?) -> String {
        guard let text, text.hasPrefix("/"), !text.hasPrefix("//"), !text.contains("\\"),
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value < 0x7f })
        else { return "/" }
        return text
    }
}

extension AccountPages {
    private func firstPage(_ request: PageRequest, message: String?) throws -> PageResponse {
        guard try site.accounts.list().isEmpty else { return .redirect("/masuk") }
        let chosen = request.form["role"] ?? Self.villageRoles[0]
        let list = site.node.catalogue.codeLists["ROLE"]
        let roles = Self.villageRoles.map { code in
            FirstPage.Role(
                code: code, roleLabel: list?[code]?.label[request.language] ?? code, isChosen: code == chosen)
        }
        return try site.page(
            "first", for: request, title: "first.title",
            FirstPage(typedName: request.form["name"] ?? "", message: message, roles: roles))
    }

    private func addFirst(_ request: PageRequest) throws -> PageResponse {
        guard try site.accounts.list().isEmpty else { return .redirect("/masuk") }
        let (name, secret) = (request.form["name"] ?? "", request.form.exact("secret"))
        if name.isEmpty { return try firstPage(request, message: site.texts("first.nameMissing", request.language)) }
        if let problem = site.accounts.rule.problem(with: secret, name: name) {
            return try firstPage(request, message: problem[request.language])
        }
        guard secret == request.form.exact("again") else {
            return try firstPage(request, message: site.texts("first.different", request.language))
        }
        guard let role = request.form["role"], Self.villageRoles.contains(role) else { throw PageError.badForm }
        return site.welcome(
            try site.accounts.add(name: name, secret: secret, role: role, mustBeFirst: true), to: "/",
            replacing: request.session)
    }
}
