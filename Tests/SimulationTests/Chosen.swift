import Foundation

/// Which histories the environment asks for.
struct Chosen {
    /// `SIMPUL_SEED` is one seed, or a run of them such as `1001-2000`, which can be shared out among processors;
    /// `SIMPUL_HISTORIES` says how many from 1 on.
    let seeds: ClosedRange<UInt64>

    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    static let now = Result { try Chosen(ProcessInfo.processInfo.environment) }

    /// The other tests are left out where only these seeds are wanted.
    static let isAsked = ProcessInfo.processInfo.environment["SIMPUL_SEED"] != nil

    /// - Throws: `Wrong` for what is no number: sixty good histories would look like the one asked for.
    init(_ environment: [String: String]) throws {
        if let text = environment["SIMPUL_SEED"] {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt64($0) }
            guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1], first <= last
            else {
                throw Wrong(description: "SIMPUL_SEED is “\(text)”: give one number, or two as in 1001-2000")
            }
            seeds = first...last
            return
        }
        let text = environment["SIMPUL_HISTORIES"] ?? "60"
        guard let count = UInt64(text), count > 0 else {
            throw Wrong(description: "SIMPUL_HISTORIES is “\(text)”: give how many, from 1 on")
        }
        seeds = 1...count
    }
}
