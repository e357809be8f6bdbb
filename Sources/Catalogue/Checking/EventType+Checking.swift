import Event

extension Catalogue {
    /// Checks an event's `data` against the newest version of its type: everything wrong or doubtful at
    /// once, so that a whole form is answered in one go.
    ///
    /// Members that the type does not declare are allowed, kept and encrypted (`EventType.split`); inside a member they
    /// are refused. Where personal members are already
    /// encrypted (`data` has a member `personal`), they are not asked for.
    ///
    /// - Parameter today: the local date `2026-08-14`; with it, dates of the future are pointed out.
    public func validate(type name: String, data: JSON, today: String? = nil) -> [Problem] {
        guard let type = types[name] else { return [.unknownType(name)] }
        return type.validate(data, today: today)
    }
}

extension EventType {
    /// The longest `data` accepted, in bytes of compact JSON: a line's 65,536 less its other attributes.
    public static let maximumDataBytes = 60_000

    /// See `Catalogue.validate`.
    public func validate(_ data: JSON, today: String? = nil) -> [Problem] {
        guard data.objectValue != nil else { return [.notAnObject] }
        var checker = FieldChecker(isPersonalEncrypted: data["personal"] != nil)
        checker.check(fields, of: data, at: "")
        checkMoment(of: data, today: today, into: &checker.problems)
        if data.encoded().count > EventType.maximumDataBytes {
            checker.problems.append(.tooLarge(limit: EventType.maximumDataBytes))
        }
        return checker.problems
    }

    private func checkMoment(of data: JSON, today: String?, into problems: inout [Problem]) {
        guard let today, let field = occurredField, let text = data[field]?.stringValue,
            let moment = OccurredAt(text), moment.firstDate > today
        else { return }
        problems.append(.inTheFuture(at: "/\(field)"))
    }
}

extension [Problem] {
    /// Whether the record may be saved: warnings do not stop it.
    public var allowSaving: Bool { !contains { $0.severity == .error } }
}
