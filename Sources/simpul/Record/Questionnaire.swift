import ArgumentParser
import Catalogue
import Event
import Foundation

/// Asks for a record on a terminal, one question after the other, from the type's form.
///
/// Questions go to the standard error stream, so that the reference alone is on the standard output.
struct Questionnaire {
    let type: EventType
    let catalogue: Catalogue
    let reader: FormReader
    let language: LanguageOption
    let includesSecondary: Bool
    let today: String

    private var words: Language { language.language }

    /// - Throws: `ExitCode` when the input ends before the questions do; nothing was saved then.
    func ask(starting given: JSON) throws -> JSON {
        Output.note(type.label[words])
        Output.note(
            language.say(
                "Enter untuk melewati yang tidak wajib. Ctrl-C membatalkan.",
                "Enter skips what is not required. Ctrl-C stops."))
        return try ask(type.form, of: type.fields, starting: given, at: "")
    }

    private func ask(_ inputs: [FormInput], of fields: [Field], starting given: JSON, at path: String) throws -> JSON {
        var data = given
        for input in inputs {
            guard data[input.name] == nil, input.visibleWhen?.holds(in: data) ?? true,
                let field = fields.first(where: { $0.name == input.name })
            else { continue }
            let isRequired = input.required || input.requiredWhen.contains { $0.holds(in: data) }
            guard isRequired || includesSecondary || !input.isSecondary else { continue }
            if let value = try ask(input, field, isRequired: isRequired, in: data, at: path) {
                data = data.setting(input.name, to: value)
            }
        }
        return data
    }

    private func ask(
        _ input: FormInput, _ field: Field, isRequired: Bool, in data: JSON, at path: String
    ) throws -> JSON? {
        if input.control == .riskQuestions { return try askRisk(in: data) }
        switch field.kind {
        case .object(let fields):
            Output.note("\(input.label[words]):")
            let value = try ask(input.members, of: fields, starting: .object([]), at: "\(path)/\(input.name)")
            return value.objectValue?.isEmpty ?? true ? nil : value
        case .objects(let fields, let most):
            return try askList(input, fields, atMost: most, isRequired: isRequired, at: "\(path)/\(input.name)")
        default: return try askValue(input, field, isRequired: isRequired, in: data, at: path)
        }
    }

    private func askList(
        _ input: FormInput, _ fields: [Field], atMost most: Int, isRequired: Bool, at path: String
    ) throws -> JSON? {
        var values: [JSON] = []
        while values.count < most {
            let more = language.say("\(input.label[words]): tambah satu?", "\(input.label[words]): add one?")
            guard try values.isEmpty && isRequired || isYes(more) else { break }
            values.append(try ask(input.members, of: fields, starting: .object([]), at: "\(path)/\(values.count)"))
        }
        return values.isEmpty ? nil : .array(values)
    }

    /// Asks until the answer is good, or left out where it may be.
    private func askValue(
        _ input: FormInput, _ field: Field, isRequired: Bool, in data: JSON, at path: String
    ) throws -> JSON? {
        describe(input, isRequired: isRequired)
        while true {
            let text = try line()
            guard let value = reader.value(of: field, from: [chosen(text, input)]) else {
                if !isRequired { return nil }
                Output.note("  " + language.say("Ini wajib diisi.", "This is required."))
                continue
            }
            // Inside of objects the whole is checked at the end.
            guard path.isEmpty else { return value }
            let problems = type.validate(data.setting(input.name, to: value), today: today)
                .filter { $0.path == "/\(input.name)" || $0.path.hasPrefix("/\(input.name)/") }
            if problems.isEmpty { return value }
            for line in ProblemReport(language: language).lines(problems) { Output.note("  - \(line)") }
            if problems.allowSaving { return value }
        }
    }

    private func describe(_ input: FormInput, isRequired: Bool) {
        let mark = isRequired ? " *" : ""
        let hint = input.hint.map { " (\($0[words]))" } ?? ""
        Output.note("\(input.label[words])\(mark)\(hint)")
        for (number, option) in input.options.enumerated() {
            Output.note("  \(number + 1). \(option.label[words])")
        }
    }

    /// Numbers of a list of options stand for their codes.
    private func chosen(_ text: String, _ input: FormInput) -> String {
        guard !input.options.isEmpty else { return text }
        return text.split(separator: ",").map { part in
            let word = part.trimmingCharacters(in: .whitespaces)
            guard let number = Int(word), input.options.indices.contains(number - 1) else { return word }
            return input.options[number - 1].value
        }.joined(separator: ",")
    }

    // MARK: - Risk questions

    private func askRisk(in data: JSON) throws -> JSON? {
        let stage = data["stage"]?.stringValue
        let rules = catalogue.riskRules.rules.filter { $0.phase == "any" || stage == nil || $0.phase == stage }
        Output.note(
            language.say("Jawab y (ya), t (tidak), atau Enter (belum tahu).", "Answer y, n, or Enter (not known)."))
        return .array(
            try rules.map { rule in
                Output.note("\(rule.id) \(rule.question[words])")
                return .object([
                    JSONMember("indicator", .string(rule.id)), JSONMember("answer", .string(try riskAnswer())),
                ])
            })
    }

    private func riskAnswer() throws -> String {
        while true {
            switch try line().lowercased() {
            case "y", "ya", "yes": return "yes"
            case "t", "tidak", "n", "no": return "no"
            case "", "?": return "unknown"
            default: Output.note("  " + language.say("Ketik y, t, atau Enter.", "Type y, n or Enter."))
            }
        }
    }

    // MARK: - Lines

    private func isYes(_ question: String) throws -> Bool {
        Output.note("\(question) [y/\(language.say("t", "n"))]")
        return ["y", "ya", "yes"].contains(try line().lowercased())
    }

    private func line() throws -> String {
        Output.prompt("> ")
        guard let text = readLine() else {
            Output.note(language.say("\nDibatalkan; tidak ada yang disimpan.", "\nStopped; nothing was saved."))
            throw ExitCode(EX_DATAERR)
        }
        return text.trimmingCharacters(in: .whitespaces)
    }
}
