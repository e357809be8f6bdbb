import Catalogue
import Event
import Node

extension RecordForm {
    /// The fields as drawn, and those shown only when asked for more.
    func view(_ entries: Entries, problems: [Problem] = []) -> (fields: [FieldView], more: [FieldView]) {
        let views = inputs.map { input in (input, field(input, entries, error: error(for: input.name, in: problems))) }
        // A secondary field with an error must be seen, and so must one that has to be answered and is not.
        func isMore(_ input: FormInput, _ view: FieldView) -> Bool {
            let isAnswered = entries[input.name]?.contains { !$0.isEmpty } == true
            return input.isSecondary && view.fieldError == nil && view.fixed == nil && (!input.required || isAnswered)
        }
        return (views.filter { !isMore($0.0, $0.1) }.map(\.1), views.filter { isMore($0.0, $0.1) }.map(\.1))
    }

    /// Everything wrong, for the summary above the form.
    func summary(_ problems: [Problem]) -> [FieldProblem] {
        problems.filter { $0.severity == .error }.map { problem in
            let name = Self.fieldName(of: problem)
            let label = type.field(name)?.label[language] ?? ""
            let text = [label, problem.what[language]].filter { !$0.isEmpty }.joined(separator: ": ")
            return FieldProblem(problemField: id(name), problemText: text)
        }
    }

    func id(_ name: String) -> String {
        "f-" + (prefix + name).map { $0.isLetter || $0.isNumber || $0 == "_" ? String($0) : "-" }.joined()
    }

    private func error(for name: String, in problems: [Problem]) -> String? {
        let own = problems.filter { $0.severity == .error && Self.fieldName(of: $0) == name }
        guard !own.isEmpty else { return nil }
        return own.map { "\($0.what[language]) \($0.fix[language])" }.joined(separator: " ")
    }

    /// The field that a problem's path `/topics/1` is in.
    private static func fieldName(of problem: Problem) -> String {
        problem.path.split(separator: "/").first.map(String.init) ?? ""
    }

    private func field(_ input: FormInput, _ entries: Entries, error: String?) -> FieldView {
        let id = id(input.name)
        var view = FieldView(
            fieldID: id, fieldName: prefix + input.name, fieldLabel: input.label[language],
            fieldHint: input.hint?[language], fieldError: error,
            isOptional: !input.required && input.requiredWhen.isEmpty, isPersonal: input.sensitivity >= .personal,
            showWhen: input.visibleWhen.flatMap(showWhen), isGroup: false, isSingle: true)
        if let value = fixed[input.name] {
            view.fixed = fixedView(value, input)
        } else {
            draw(input, entries, into: &view)
        }
        if view.fieldHint == nil, case .date(truncatable: true) = input.kind { view.fieldHint = text("form.dateHint") }
        let described = [
            view.fieldHint.map { _ in "hint-\(id)" }, view.showWhen.map { _ in "when-\(id)" },
            error.map { _ in "error-\(id)" },
        ].compactMap(\.self)
        view.describedBy = described.isEmpty ? nil : described.joined(separator: " ")
        view.isGroup = view.choice != nil || view.questions != nil || view.rows != nil
        view.isSingle = !view.isGroup && view.fixed == nil
        return view
    }

    private func draw(_ input: FormInput, _ entries: Entries, into view: inout FieldView) {
        let value = entries[input.name]?.first ?? ""
        switch input.kind {
        case .text(let length, multiline: true): view.area = .init(areaValue: value, areaMaximum: length)
        case .text(let length, multiline: false):
            let mode = input.name == "nik" || input.name == "phone" ? "tel" : nil
            view.input = .init(inputType: "text", value: value, inputMode: mode, maximum: length)
        case .integer: view.input = .init(inputType: "text", value: value, inputMode: "numeric", maximum: 12)
        case .money:
            view.input = .init(inputType: "text", value: value, inputMode: "numeric", maximum: 20, prefix: "Rp")
        case .decimal: view.input = .init(inputType: "text", value: value, inputMode: "decimal", maximum: 20)
        case .date(truncatable: false): view.input = .init(inputType: "date", value: value)
        case .date(truncatable: true):
            view.input = .init(inputType: "text", value: value, inputMode: "numeric", maximum: 10)
        case .month: view.input = .init(inputType: "month", value: value)
        case .dateTime: view.input = .init(inputType: "datetime-local", value: value)
        case .boolean:
            view.choice = choice("radio", [("true", text("form.yes")), ("false", text("form.no"))], entries, view)
        case .code: drawCode(input, entries, into: &view)
        case .codes: view.choice = choice("checkbox", options(input), entries, view)
        case .identifier(let entity), .identifiers(let entity): drawIdentifier(input, entity, entries, into: &view)
        case .region: view.input = .init(inputType: "text", value: value, inputMode: "decimal", maximum: 13)
        case .objects where input.control == .riskQuestions: view.questions = questions(input, entries)
        case .objects: view.rows = rows(input, entries)
        case .reference, .object, .anyObject, .anyValue: view.area = .init(areaValue: value, areaMaximum: 4_000)
        }
    }

    private func drawCode(_ input: FormInput, _ entries: Entries, into view: inout FieldView) {
        let options = options(input)
        if options.count <= 4 {
            view.choice = choice("radio", options, entries, view)
        } else {
            view.select = select(options, entries[input.name]?.first ?? "")
        }
    }

    private func drawIdentifier(
        _ input: FormInput, _ entity: String?, _ entries: Entries, into view: inout FieldView
    ) {
        let isList = if case .identifiers = input.kind { true } else { false }
        let options: [(String, String)] =
            switch input.control {
            case .personLookup: people
            case .licenceLookup: companies
            default: []
            }
        if isList, let company = company(of: entries[input.name] ?? []) {
            view.choice = choice("checkbox", company, entries, view)
        } else if input.control != nil, options.count <= Self.mostOptions {
            view.select = select(options, entries[input.name]?.first ?? "")
        } else {
            view.input = .init(inputType: "text", value: entries[input.name]?.first ?? "", maximum: 36)
        }
    }
}

extension RecordForm {
    /// More persons than this are not put into one list; the page of the person leads to the form instead.
    private static let mostOptions = 2_000

    private var people: [(String, String)] {
        persons.all().compactMap { card in
            card.shownName.map { name in
                (
                    card.id,
                    [name, card.birthYear.map(String.init), card.hamlet].compactMap(\.self).joined(separator: " · ")
                )
            }
        }
    }

    /// Those who can have been met together: the persons already chosen and everyone of their household. Nil when nobody is
    /// chosen yet: one is picked from the list.
    private func company(of chosen: [String]) -> [(String, String)]? {
        let households = Set(chosen.compactMap { persons.card($0)?.household })
        guard !chosen.isEmpty else { return nil }
        return people.filter { id, _ in
            chosen.contains(id) || persons.card(id)?.household.map(households.contains) ?? false
        }
    }

    private var companies: [(String, String)] { site.desk.licences.companies().map { ($0.id, $0.name) } }

    private func options(_ input: FormInput) -> [(String, String)] {
        input.options.map { ($0.value, $0.label[language]) }
    }

    private func choice(
        _ kind: String, _ options: [(String, String)], _ entries: Entries, _ view: FieldView
    ) -> FieldView.Choice {
        let chosen = Set(entries[String(view.fieldName.dropFirst(prefix.count))] ?? [])
        return .init(choiceType: kind, choices: self.options(options, chosen, view.fieldID))
    }

    private func options(_ options: [(String, String)], _ chosen: Set<String>, _ id: String) -> [FieldView.Option] {
        options.enumerated().map { number, option in
            // The first carries the field's own id, so that the error summary leads to it.
            .init(
                value: option.0, optionLabel: option.1, isChosen: chosen.contains(option.0),
                optionID: number == 0 ? id : "\(id)-\(number)")
        }
    }

    private func select(_ options: [(String, String)], _ chosen: String) -> FieldView.Select {
        .init(
            options: self.options(options, [chosen], ""), emptyLabel: text("form.choose"),
            isEmptyChosen: !options.contains { $0.0 == chosen })
    }

    private func fixedView(_ value: JSON, _ input: FormInput) -> FieldView.Fixed? {
        guard let field = type.field(input.name) else { return nil }
        let shown: String? =
            switch field.kind {
            case .identifier(entity: "person"):
                value.stringValue.map { id in
                    persons.card(id)?.shownName ?? text("people.unknown")
                }
            case .code: field.options.first { $0.code == value.stringValue }?.label[language]
            case .region, .date: value.stringValue
            default: nil
            }
        return .init(shown: shown)
    }

    private func showWhen(_ condition: Condition) -> FieldView.ShowWhen? {
        guard let term = condition.terms.first, let other = type.field(term.field) else { return nil }
        let labels = term.values.map { value in
            switch value {
            case "true": text("form.yes")
            case "false": text("form.no")
            default: other.options.first { $0.code == value }?.label[language] ?? value
            }
        }
        return .init(
            showField: prefix + term.field, showValues: term.values.joined(separator: " "),
            showHint: site.texts(
                "form.onlyWhen", language,
                ["field": other.label[language], "values": labels.joined(separator: " / ")]))
    }

    private func questions(_ input: FormInput, _ entries: Entries) -> [FieldView.Question] {
        let stage = entries["stage"]?.first ?? fixed["stage"]?.stringValue
        let suggested = site.node.catalogue.suggestions(
            of: type, data: data(from: entries), today: site.desk.today, facts: knownFacts)
        let evidence = input.members.first { $0.name == "evidence" }
        return site.node.catalogue.riskRules.questions(for: stage).map { rule in
            let name = "\(input.name).\(rule.id)"
            let id = id(name)
            let answers = RiskAnswer.allCases.map { ($0.rawValue, text("form.\($0.rawValue)")) }
            return .init(
                questionName: prefix + name, questionID: id, question: rule.question[language],
                evidenceHint: rule.evidence[language],
                answers: options(answers, Set(entries[name] ?? []), id),
                evidence: options(evidence.map(options) ?? [], Set(entries["\(name).evidence"] ?? []), ""),
                isSuggested: suggested.contains(rule.id))
        }
    }

    /// What is known of the person beside the form.
    private var knownFacts: RiskFacts {
        guard let person = fixed["person_id"]?.stringValue, let born = persons.card(person)?.birthYear,
            let year = Int64(site.desk.today.prefix(4))
        else { return RiskFacts() }
        return RiskFacts(["age_years": .number(year - born)])
    }

    private func rows(_ input: FormInput, _ entries: Entries) -> [FieldView.Row] {
        (0..<FormWidget.rows).map { row in
            var form = self
            form.prefix = "\(prefix)\(input.name).\(row)."
            form.fixed = [:]
            let own = FormWidget.relevant(entries, to: "\(input.name).\(row)").reduce(into: Entries()) {
                $0[String($1.key.dropFirst("\(input.name).\(row).".count))] = $1.value
            }
            return .init(rowFields: input.members.map { form.field($0, own, error: nil) })
        }
    }

    private func text(_ name: String) -> String { site.texts(name, language) }
}
