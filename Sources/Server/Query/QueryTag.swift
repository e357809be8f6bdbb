import Catalogue
import Crypto
import Event
import Foundation
import ReadModels

/// The entity tag of an answer: equal for equal questions about equal knowledge, so that a client or proxy can ask
/// whether anything changed without getting the rows again.
enum QueryTag {
    /// - Parameters:
    ///   - parts: all that the answer depends on beside the cut: model and version, filters, scope, format, day.
    static func of(_ parts: [String], cut: Int64) -> String {
        // Lengths keep neighbouring parts apart: ("ab", "c") is not ("a", "bc").
        var text = "\(cut)"
        for part in parts { text += "\n\(part.utf8.count):\(part)" }
        let digest = SHA256.hash(data: Data(text.utf8)).prefix(12)
        let base64 = Data(digest).base64EncodedString()
        return "\"" + base64.replacing("+", with: "-").replacing("/", with: "_") + "\""
    }

    static func of(_ request: QueryRequest, model: ModelInfo, reader: QueryReader, cut: Int64) -> String {
        let query = request.query
        var parts = [
            model.name, "\(model.version)", request.format.rawValue, request.language.rawValue,
            query.scope.description, query.today.description, query.asOf.trueAt?.description ?? "", "\(query.limit)",
            query.cursor ?? "", reader.role, "\(query.reader.isConflicted)",
        ]
        parts += query.sort.map { ($0.descending ? "-" : "") + $0.column }
        for filter in query.filters {
            parts += [filter.column, filter.comparison.rawValue] + filter.values.map { $0.isNull ? "∅" : "=\($0)" }
        }
        return of(parts, cut: query.asOf.cut ?? cut)
    }
}
