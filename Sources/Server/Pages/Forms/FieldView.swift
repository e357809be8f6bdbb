/// One field of a form as its template draws it: exactly one of the controls is there.
///
/// Names are kept apart from those of enclosing models: mustache looks for a missing name further out.
struct FieldView {
    struct Option {
        let value: String
        let optionLabel: String
        let isChosen: Bool
        let optionID: String
    }

    struct Input {
        let inputType: String
        let value: String
        var inputMode: String?
        var maximum: Int?
        var prefix: String?
    }

    struct Area {
        let areaValue: String
        let areaMaximum: Int
    }

    struct Select {
        let options: [Option]
        /// What the empty choice says.
        let emptyLabel: String
        let isEmptyChosen: Bool
    }

    /// Radio buttons or check boxes under a legend.
    struct Choice {
        let choiceType: String
        let choices: [Option]
    }

    /// A value that the page knows already: shown, not asked.
    struct Fixed {
        /// Nil for what says nothing to people, such as a reference.
        let shown: String?
    }

    struct Question {
        let questionName: String
        let questionID: String
        let question: String
        let evidenceHint: String
        let answers: [Option]
        let evidence: [Option]
        let isSuggested: Bool
    }

    struct Row {
        let rowFields: [FieldView]
    }

    /// The field is asked only when `showField` has one of the values; without script it is always there, with a hint.
    struct ShowWhen {
        let showField: String
        let showValues: String
        let showHint: String
    }

    let fieldID: String
    let fieldName: String
    let fieldLabel: String
    var fieldHint: String?
    var fieldError: String?
    var describedBy: String?
    var isOptional = false
    var isPersonal = false
    var showWhen: ShowWhen?

    var input: Input?
    var area: Area?
    var select: Select?
    var choice: Choice?
    var fixed: Fixed?
    var questions: [Question]?
    var rows: [Row]?

    /// A group of controls is labelled by a legend instead of a label.
    var isGroup: Bool
    var isSingle: Bool
}

/// What is wrong, for the summary above the form.
struct FieldProblem {
    let problemField: String
    let problemText: String
}
