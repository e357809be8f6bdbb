import Catalogue
import Event
import Hummingbird
import Node
import Store

/// Registrations that may be of one person, at the hub, which holds the keys of all its villages: an officer looks at each
/// pair and says so, as an event. No number, and no hash of one, is written for it.
struct LikenessPages: Sendable {
    private struct Page {
        let pairs: [Pair]
        let hasPairs: Bool
        let resultText: String
        let message: String?
    }

    private struct Pair {
        let kept: Side
        let other: Side
        let basisText: String
        let nonce: String
    }

    private struct Side {
        let sideID: String
        let sideHref: String
        let sideName: String
        let sideDetails: String
    }

    static let path = "/orang-mirip"
    private static let merged = "person.merged"
    private static let mostShown = 50

    let site: Site

    func register(on routes: PageRoutes) {
        routes.get("/orang-mirip") { try list($0, message: nil) }
        routes.post("/orang-mirip") { try merge($0) }
    }

    /// Whether someone signed in may say that two are one.
    static func isAllowed(_ site: Site, _ account: Account) -> Bool {
        guard site.node.own.role == .hub, let type = site.node.catalogue.types[merged] else { return false }
        return type.roles.contains(account.role)
    }

    /// Pairs of which both are theirs to know by name.
    private func pairs(_ request: PageRequest, _ words: Wording) throws -> [Likeness] {
        guard Self.isAllowed(site, try request.account()), words.persons.areKnown else { throw PageError.notAllowed }
        try site.desk.refresh()
        return site.desk.people.likenesses().filter {
            words.persons.card($0.kept.id) != nil && words.persons.card($0.other.id) != nil
        }
    }

    private func list(_ request: PageRequest, message: String?) throws -> PageResponse {
        let words = try Wording(site, request)
        let found = try pairs(request, words)
        let page = Page(
            pairs: found.prefix(Self.mostShown).map { pair in
                Pair(
                    kept: side(pair.kept, words), other: side(pair.other, words),
                    basisText: pair.basis.compactMap { words.code("MATCH_BASIS", $0) }.joined(separator: ", "),
                    nonce: RandomToken.make())
            },
            hasPairs: !found.isEmpty,
            resultText: words(found.isEmpty ? "likeness.none" : "likeness.found", ["n": String(found.count)]),
            message: message)
        var response = try site.page("likeness", for: request, title: "likeness.title", page)
        if message != nil { response.status = .unprocessableContent }
        return response
    }

    private func side(_ card: PersonCard, _ words: Wording) -> Side {
        Side(
            sideID: card.id, sideHref: "/orang/\(card.id)", sideName: words.name(card),
            sideDetails: [words.details(card), card.region.description].filter { !$0.isEmpty }
                .joined(separator: " · "))
    }

    private func merge(_ request: PageRequest) throws -> PageResponse {
        let account = try request.account()
        let words = try Wording(site, request)
        // What the page offered may have been merged, corrected or erased meanwhile: then there is nothing to do.
        let pair = try pairs(request, words).first {
            $0.kept.id == request.form["survivor"] && $0.other.id == request.form["absorbed"]
        }
        guard let pair else { return try list(request, message: words("likeness.gone")) }
        guard let nonce = request.form["nonce"], let session = request.session else { throw PageError.badForm }
        let data: JSON = [
            "survivor_id": .string(pair.kept.id), "absorbed_id": .string(pair.other.id),
            "match_basis": .array(pair.basis.map { .string($0) }),
            "reviewed_by_second": .bool(request.form["second"] != nil),
        ]
        // Each village that knows one of the two is told.
        let drafts = Set([pair.kept.region, pair.other.region]).sorted { $0.description < $1.description }.map {
            Draft(
                type: Self.merged, subject: pair.kept.id, data: data, actor: account.actor, role: account.role,
                audience: $0)
        }
        _ = try site.record(drafts, form: nonce, session: session)
        return .redirect(Self.path)
    }
}
