import Event
import Foundation

/// The place after a row in an order, as the text that asks for the next page.
///
/// It holds the row's own values rather than a count of rows, so that rows that come or go meanwhile neither repeat
/// nor skip others.
struct PageCursor {
    /// What the page is a page of; a cursor of another question is refused.
    var question: String
    var values: [ModelValue]

    var text: String {
        let cells = values.map { value in
            switch value {
            case .null: JSON.null
            case .integer(let number): JSON.int(number)
            case .text(let text): JSON.string(text)
            }
        }
        let json = JSON.array([.string(question), .array(cells)])
        return Data(json.encoded()).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    init(question: String, values: [ModelValue]) {
        self.question = question
        self.values = values
    }

    init(_ text: String, question: String, count: Int) throws(ReadModelError) {
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - base64.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: base64 + padding), let json = try? JSON.parse(data, limits: .line),
            json[0]?.stringValue == question, let cells = json[1]?.arrayValue, cells.count == count
        else { throw .badCursor(text) }
        self.question = question
        values = cells.map { cell in
            switch cell {
            case .int(let number): .integer(number)
            case .string(let text): .text(text)
            default: .null
            }
        }
    }
}
