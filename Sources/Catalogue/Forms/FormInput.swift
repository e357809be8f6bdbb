import Event

/// One input of a form, in the order to ask: what the web app draws and what the command asks.
public struct FormInput: Sendable, Hashable {
    public struct Option: Sendable, Hashable {
        public var value: String
        public var label: LocalizedText
    }

    /// The member of `data`.
    public var name: String
    public var label: LocalizedText
    public var hint: LocalizedText?
    public var kind: FieldKind
    /// What to choose from; empty unless the kind is a choice.
    public var options: [Option]
    public var required: Bool
    public var requiredWhen: [Condition]
    public var visibleWhen: Condition?
    public var sensitivity: Sensitivity
    /// It names the record's subject; left empty where that may be new, the record makes one.
    public var isSubject: Bool
    /// Shown only when asked for more.
    public var isSecondary: Bool
    public var control: FormControl?
    /// Inputs of the object, or of each object of a list.
    public var members: [FormInput]
}

extension EventType {
    /// What to ask, in order. Left out is what the program fills in.
    public var form: [FormInput] {
        fields.filter { $0.filledBy == nil }.map { field in
            var input = FormInput(field)
            input.isSubject = subject.field == field.name
            if input.isSubject && subject.isNew { input.required = false }
            return input
        }
    }
}

extension FormInput {
    init(_ field: Field) {
        name = field.name
        label = field.label
        hint = field.hint
        kind = field.kind
        options = field.options.filter { !$0.isRetired }.map { Option(value: $0.code, label: $0.label) }
        required = field.required
        requiredWhen = field.requiredWhen
        visibleWhen = field.visibleWhen
        sensitivity = field.sensitivity
        isSubject = false
        isSecondary = field.isSecondary
        control = field.control
        members =
            switch field.kind {
            case .object(let fields), .objects(let fields, _): fields.map(FormInput.init)
            default: []
            }
    }
}
