import Event

/// Turns what people type – in a form, a cell of a CSV file, an option of the command – into `data`.
///
/// It forgives how things are written (`14-08-2026`, `Rp15.000.000`, `ya`, a label instead of a code). What
/// it cannot read it passes on as text, so that the check names the problem beside the field.
public struct FormReader: Sendable {
    /// Minutes east of UTC, for times typed without an offset: 420 for WIB.
    public var offsetMinutes: Int

    public init(offsetMinutes: Int = 420) {
        self.offsetMinutes = offsetMinutes
    }

    /// - Parameter entries: texts by field name; several for a choice of several. Risk questions come one by one:
    ///   `answers.R01` = `yes`, `answers.R01.evidence` = `self`. Names the type does not declare are left out.
    public func data(for type: EventType, from entries: [String: [String]]) -> JSON {
        .object(
            type.fields.compactMap { field in
                let answers =
                    field.control == .riskQuestions ? self.answers(of: field, from: entries) : nil
                let entered = answers ?? entries[field.name].flatMap { value(of: field, from: $0) }
                return entered.map { JSONMember(field.name, $0) }
            })
    }

    /// The list of `{indicator, answer, evidence}` from entries that carry the indicator in their name.
    private func answers(of field: Field, from entries: [String: [String]]) -> JSON? {
        guard case .objects(let members, _) = field.kind,
            let indicators = members.first(where: { $0.name == "indicator" })?.options
        else { return nil }
        let answers = indicators.compactMap { indicator -> JSON? in
            let name = "\(field.name).\(indicator.code)"
            guard let answer = entries[name]?.first, !answer.isEmpty else { return nil }
            let evidence = entries["\(name).evidence"]?.first.flatMap { $0.isEmpty ? nil : $0 }
            let known: JSON = ["indicator": .string(indicator.code), "answer": .string(answer)]
            return known.setting("evidence", to: evidence.map(JSON.string))
        }
        return answers.isEmpty ? nil : .array(answers)
    }

    /// Nil when nothing was entered.
    public func value(of field: Field, from texts: [String]) -> JSON? {
        let texts = texts.map(trimmed).filter { !$0.isEmpty }
        guard let first = texts.first else { return nil }
        switch field.kind {
        case .codes:
            return .array(parts(texts).map { .string(code($0, of: field.options)) })
        case .identifiers: return .array(parts(texts).map { .string($0.lowercased()) })
        case .objects: return parsed(first) ?? .string(first)
        default: return value(of: field, from: first)
        }
    }

    private func value(of field: Field, from text: String) -> JSON {
        switch field.kind {
        case .text, .month, .region, .reference, .codes, .identifiers, .objects: .string(text)
        case .integer: Int64(text).map(JSON.int) ?? .string(text)
        case .money: rupiah(text).map(JSON.int) ?? .string(text)
        case .decimal: decimal(text)
        case .boolean: boolean(text).map(JSON.bool) ?? .string(text)
        case .date: .string(date(text))
        case .dateTime: .string(dateTime(text))
        case .code: .string(code(text, of: field.options))
        case .identifier: .string(text.lowercased())
        case .object, .anyObject, .anyValue: parsed(text) ?? .string(text)
        }
    }

    private func parts(_ texts: [String]) -> [String] {
        texts.flatMap { $0.split(whereSeparator: { $0 == "," || $0 == ";" }) }
            .map { trimmed(String($0)) }.filter { !$0.isEmpty }
    }

    private func parsed(_ text: String) -> JSON? {
        // Not JSON: the text itself is what was entered, and the check says what was expected.
        try? JSON.parse(text.utf8)
    }
}

extension FormReader {
    /// A code as written, or the code whose label was written.
    private func code(_ text: String, of options: [CodeList.Entry]) -> String {
        if options.contains(where: { $0.code == text }) { return text }
        let wanted = text.lowercased()
        let match = options.first {
            [$0.code, $0.label.id, $0.label.en].contains { $0.lowercased() == wanted }
        }
        return match?.code ?? text
    }

    private func boolean(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "ya", "y", "yes", "1", "on": true
        case "false", "tidak", "t", "no", "n", "0": false
        default: nil
        }
    }

    /// `Rp15.000.000`, `15.000.000`, `15000000`. Only points that group by three are taken for groups.
    private func rupiah(_ text: String) -> Int64? {
        let digits = text.lowercased().hasPrefix("rp") ? trimmed(String(text.dropFirst(2))) : text
        let groups = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard groups.count == 1 || groups.dropFirst().allSatisfy({ $0.utf8.count == 3 }) else { return nil }
        return Int64(groups.joined())
    }

    /// A comma is the Indonesian decimal point.
    private func decimal(_ text: String) -> JSON {
        let pointed = text.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ".")
        guard let number = parsed(pointed), number.numberText != nil else { return .string(text) }
        return number
    }

    /// `14-08-2026` or `14/8/2026` as `2026-08-14`; everything else as it is.
    private func date(_ text: String) -> String {
        let parts = text.split(whereSeparator: { $0 == "-" || $0 == "/" || $0 == "." })
        guard parts.count == 3, parts[2].utf8.count == 4, let day = Int(parts[0]), let month = Int(parts[1]),
            let year = Int(parts[2])
        else { return text }
        return "\(year)-\(twoDigits(month))-\(twoDigits(day))"
    }

    /// `2026-08-14T09:30` and `2026-08-14 09:30` get seconds and the offset of the place.
    private func dateTime(_ text: String) -> String {
        guard DateTime(text) == nil else { return text }
        let parts = text.split(whereSeparator: { $0 == "T" || $0 == " " })
        guard parts.count == 2 else { return text }
        let time = parts[1].utf8.count == 5 ? "\(parts[1]):00" : String(parts[1])
        let sign = offsetMinutes < 0 ? "-" : "+"
        let offset = "\(twoDigits(abs(offsetMinutes) / 60)):\(twoDigits(abs(offsetMinutes) % 60))"
        let complete = "\(date(String(parts[0])))T\(time)\(sign)\(offset)"
        return DateTime(complete) == nil ? text : complete
    }

    private func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : String(number)
    }

    private func trimmed(_ text: String) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
