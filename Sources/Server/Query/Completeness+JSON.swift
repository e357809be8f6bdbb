import Catalogue
import Event
import ReadModels

extension Completeness {
    /// As a header: a dictionary after RFC 9651.
    var header: String {
        "enrolled=\(enrolled), reporting=\(reporting), silent=\(silent.count), state=\(state.rawValue), "
            + "threshold=\"\(threshold)\""
    }

    var json: JSON {
        .object([
            JSONMember("region", .string(region.description)),
            JSONMember("period", period.map { .string($0.description) } ?? .null),
            JSONMember("threshold", .string(threshold.description)),
            JSONMember("enrolled", .int(Int64(enrolled))),
            JSONMember("reporting", .int(Int64(reporting))),
            JSONMember("silent", .array(silent.map(\.json))),
            JSONMember("state", .string(state.rawValue)),
            JSONMember("rule", .object([JSONMember("id", .string(rule.id)), JSONMember("en", .string(rule.en))])),
        ])
    }
}

extension Completeness.SilentNode {
    fileprivate var json: JSON {
        .object([
            JSONMember("node", .string(node)),
            JSONMember("region", .string(region.description)),
            JSONMember("last_contact", lastContact.map { .string($0.description) } ?? .null),
        ])
    }
}
