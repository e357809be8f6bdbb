import Foundation
import Sync
import TestKit

/// `protocol/vectors/frames.json`.
struct FrameVectors: Decodable {
    struct Case: Decodable {
        var name: String
        var valid: Bool
        var error: String?
        var frame: Data
        var records: [Record]?
    }

    /// Only how many there are matters here.
    struct Record: Decodable {
        init(from decoder: any Decoder) throws {}
    }

    var cases: [Case]

    static func load() throws -> [Case] { try Repository.vectors("frames", as: FrameVectors.self).cases }
}
