import Event
import Node
import ReadModels

/// The persons whom somebody may know by name: what the policy grants of registrations holds wherever a page shows a
/// name, a birth year or a household.
struct KnownPersons: Sendable {
    private let book: PersonBook
    /// Nil: nobody.
    private let region: RegionCode?

    /// - Parameter account: nil: nobody is signed in, who knows nobody.
    init(_ site: Site, _ account: Account?) throws {
        book = site.desk.people
        let mayKnow =
            try account.map {
                try site.node.reader(of: $0).mayRead(event: "person.registered", subject: "person", members: [:])
            } ?? false
        region = mayKnow ? try account?.regionCode() : nil
    }

    /// Whether persons are theirs to know at all.
    var areKnown: Bool { region != nil }

    func card(_ id: String) -> PersonCard? { book.card(id).flatMap { isKnown($0) ? $0 : nil } }

    func all() -> [PersonCard] { book.all().filter(isKnown) }

    func find(_ text: String) -> [PersonCard] { book.find(text).filter(isKnown) }

    private func isKnown(_ card: PersonCard) -> Bool { region.map { card.registration.log.inScope(of: $0) } ?? false }
}
