import Catalogue
import Event

/// Rows of an NDJSON file as entries: each line the record's data, or an object with `data` and, as wanted,
/// `subject`, `occurredat`, `for` and `type`.
struct NDJSONImport: Sequence, IteratorProtocol {
    private let bytes: [UInt8]
    private let type: EventType
    private var position = 0
    private var line = 0

    init(_ bytes: [UInt8], type: EventType) {
        self.bytes = bytes
        self.type = type
    }

    mutating func next() -> ImportRow? {
        while position < bytes.count {
            let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let text = bytes[position..<end]
            position = end + 1
            line += 1
            if text.allSatisfy({ [0x20, 0x09, 0x0D].contains($0) }) { continue }
            return ImportRow(row: line, line: line, content: content(text))
        }
        return nil
    }

    private func content(_ text: ArraySlice<UInt8>) -> Result<Entry, ImportRowError> {
        do throws(JSONError) {
            return entry(try JSON.parse(text))
        } catch {
            return .failure(ImportRowError([.notJSON("\(error)")]))
        }
    }

    private func entry(_ json: JSON) -> Result<Entry, ImportRowError> {
        // A type of which `data` is a member takes its rows in the longer form only.
        guard let data = json["data"], data.objectValue != nil, type.field("data") == nil || json["type"] != nil else {
            return json.objectValue == nil ? .failure(ImportRowError([.notAnEntry])) : .success(Entry(data: json))
        }
        var entry = Entry(data: data)
        for member in json.objectValue ?? [] where member.key != "data" {
            guard let text = member.value.stringValue else { return .failure(ImportRowError([.notText(member.key)])) }
            switch member.key {
            case "subject": entry.subject = text
            case "occurredat": entry.occurredAt = text
            case "for": entry.audience = text
            case "type" where text == type.name: break
            case "type": return .failure(ImportRowError([.otherType(text, wanted: type.name)]))
            default: return .failure(ImportRowError([.strangeMember(member.key)]))
            }
        }
        return .success(entry)
    }
}
