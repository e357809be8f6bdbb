import Foundation

extension Double {
    func text(digits: Int) -> String { String(format: "%.\(digits)f", self) }

    /// `21,400`.
    var grouped: String {
        var digits = String(Int(rounded()))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits = String(digits.dropLast(3))
        }
        return ([digits] + groups).joined(separator: ",")
    }
}

extension Array where Element == Double {
    /// The middle value; the mean of the middle two where there are two.
    var median: Double {
        let sorted = sorted()
        guard let last = sorted.last else { return .nan }
        guard sorted.count > 1 else { return last }
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }

    /// The smallest value that `share` of all do not exceed.
    func percentile(_ share: Double) -> Double {
        let sorted = sorted()
        guard let last = sorted.last else { return .nan }
        let rank = Int((share * Double(sorted.count)).rounded(.up)) - 1
        return rank >= 0 && rank < sorted.count ? sorted[rank] : last
    }

    /// `0.52–0.57`
    func range(digits: Int) -> String {
        guard let low = self.min(), let high = self.max() else { return "" }
        return "\(low.text(digits: digits))–\(high.text(digits: digits))"
    }
}
