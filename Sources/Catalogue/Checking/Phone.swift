/// A telephone number as people write it.
enum Phone {
    /// 8 to 15 digits (E.164), grouped as one likes.
    static func isPlausible(_ text: String) -> Bool {
        let digits = text.utf8.filter { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        let others = text.utf8.filter { !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0) }
        return (8...15).contains(digits.count) && others.allSatisfy { " +-().".utf8.contains($0) }
    }
}
