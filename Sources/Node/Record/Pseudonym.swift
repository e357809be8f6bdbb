/// Who recorded, as it stands in the line, which goes to the centre and is never erased: no name, no number.
enum Pseudonym {
    /// - Throws: `NodeError` for what looks like a name or a number of somebody.
    static func check(_ actor: String) throws {
        let allowed = actor.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "@"):
                true
            default: false
            }
        }
        // A NIK has sixteen digits, a telephone number nine and more.
        let longest = actor.split { !$0.isNumber }.map(\.count).max() ?? 0
        guard allowed, 1...64 ~= actor.utf8.count, longest < 9 else {
            throw NodeError(
                .badInput, "“\(actor)” is no pseudonym: who records stands in the line in clear, for ever",
                advice: "take a short word of a-z, 0-9 and -, e.g. co-3, and no name or number of anybody")
        }
    }
}
