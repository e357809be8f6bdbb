/// Two registrations that may be of one person, for an officer to look at. Found by those who hold the keys, in memory; a
/// number or its hash is written nowhere.
public struct Likeness: Sendable, Hashable {
    /// The one registered first: it is the one to keep.
    public let kept: PersonCard
    public let other: PersonCard
    /// Codes of the list MATCH_BASIS, the strongest first.
    public let basis: [String]

    /// Persons that share a mark beyond this are no pair to look at: a number of an office, a date that stands for "unknown".
    static let sharedByMost = 8

    /// Pairs that share a mark, the strongest first; each pair once.
    ///
    /// - Parameter cards: in the order in which they were registered.
    static func pairs(among cards: [(card: PersonCard, marks: PersonMarks)]) -> [Likeness] {
        var shared: [[Int]: [String]] = [:]
        let kinds: [(code: String, mark: (PersonMarks) -> String?)] = [
            ("nik", \.nik), ("name_dob", \.nameAndBirth), ("phone", \.phone),
        ]
        for kind in kinds {
            var places: [String: [Int]] = [:]
            for (place, item) in cards.enumerated() {
                if let mark = kind.mark(item.marks) { places[mark, default: []].append(place) }
            }
            for alike in places.values where (2...sharedByMost).contains(alike.count) {
                for (position, first) in alike.enumerated() {
                    for second in alike[(position + 1)...] where cards[first].card.id != cards[second].card.id {
                        shared[[first, second], default: []].append(kind.code)
                    }
                }
            }
        }
        let rank = { (codes: [String]) in (kinds.firstIndex { $0.code == codes[0] } ?? kinds.count, -codes.count) }
        return shared.sorted { left, right in
            let (first, second) = (rank(left.value), rank(right.value))
            return first == second ? left.key.lexicographicallyPrecedes(right.key) : first < second
        }.map { Likeness(kept: cards[$0.key[0]].card, other: cards[$0.key[1]].card, basis: $0.value) }
    }
}
