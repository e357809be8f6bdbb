/// One member of an event's `data`, as its schema declares it.
public struct Field: Sendable, Hashable {
    public var name: String
    public var kind: FieldKind
    public var label: LocalizedText
    /// How to fill it in, in the words of an organizer. Empty when the label says it all.
    public var hint: LocalizedText?
    /// Required whenever the field is visible.
    public var required: Bool
    /// Required when any of these holds, though otherwise optional.
    public var requiredWhen: [Condition]
    /// Asked only when this holds. A value given all the same is kept.
    public var visibleWhen: Condition?
    public var sensitivity: Sensitivity
    /// Specific personal data in the sense of Law 27/2022 (health, children, finance).
    public var isSpecific: Bool
    /// Shown only when asked for more: most records do without it.
    public var isSecondary: Bool
    /// A sibling whose value this one must not come before (dates, moments, integers).
    public var notBefore: String?
    /// Named check beyond the kind, e.g. `nik` or `phone`.
    public var check: FieldCheck?
    /// Filled in by the program (e.g. from the risk rules), never asked.
    public var filledBy: Filler?
    /// A special form control, e.g. the risk questions.
    public var control: FormControl?
    /// The codes to choose from, when `kind` is `.code` or `.codes`.
    public var options: [CodeList.Entry]

    public init(
        name: String, kind: FieldKind, label: LocalizedText, hint: LocalizedText? = nil,
        required: Bool = false, requiredWhen: [Condition] = [], visibleWhen: Condition? = nil,
        sensitivity: Sensitivity = .internal, isSpecific: Bool = false, isSecondary: Bool = false,
        notBefore: String? = nil, check: FieldCheck? = nil, filledBy: Filler? = nil,
        control: FormControl? = nil, options: [CodeList.Entry] = []
    ) {
        self.name = name
        self.kind = kind
        self.label = label
        self.hint = hint
        self.required = required
        self.requiredWhen = requiredWhen
        self.visibleWhen = visibleWhen
        self.sensitivity = sensitivity
        self.isSpecific = isSpecific
        self.isSecondary = isSecondary
        self.notBefore = notBefore
        self.check = check
        self.filledBy = filledBy
        self.control = control
        self.options = options
    }
}

/// A check that needs more than the field's kind.
public enum FieldCheck: String, Sendable, Hashable, CaseIterable {
    /// Indonesian national identity number: sixteen digits with a birth date inside.
    case nik
    /// A telephone number as people write it.
    case phone
    /// A lower-case SHA-256 in hexadecimal.
    case sha256
}

/// What fills a field in when the record is made: results of the risk rules.
public enum Filler: String, Sendable, Hashable, CaseIterable {
    case riskRulesVersion = "risk.rules_version"
    case riskScore = "risk.score"
    case riskBand = "risk.band"
    case riskIncomplete = "risk.incomplete"
    case riskHard = "risk.hard"
    case riskReasons = "risk.reasons"
}

/// A form control that is more than one input.
public enum FormControl: String, Sendable, Hashable, CaseIterable {
    /// One question per indicator of the risk rules, answered yes, no or unknown.
    case riskQuestions = "risk-questions"
    /// A recruiter or placement company looked up in the licence list.
    case licenceLookup = "licence-lookup"
    /// A person found by name.
    case personLookup = "person-lookup"
}
