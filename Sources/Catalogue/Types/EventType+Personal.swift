import Event

extension EventType {
    /// Divides entered data into what stays readable and what is encrypted under the key holder's key.
    ///
    /// Members that the type does not declare stay readable where they are: whoever adds a member of their
    /// own decides with its schema whether it is personal.
    ///
    /// - Returns: `personal` is nil when no personal member was given.
    public func split(_ data: JSON) -> (plain: JSON, personal: JSON?) {
        let names = Set(fields.filter { $0.sensitivity == .personal }.map(\.name))
        let members = data.objectValue ?? []
        let personal = members.filter { names.contains($0.key) }
        return (
            .object(members.filter { !names.contains($0.key) }), personal.isEmpty ? nil : .object(personal)
        )
    }

    /// Puts decrypted personal members back in place of the encrypted `personal`, in the schema's order.
    public func join(_ plain: JSON, personal: JSON?) -> JSON {
        guard let personal else { return plain }
        let all = (plain.setting("personal", to: nil).objectValue ?? []) + (personal.objectValue ?? [])
        let order = Dictionary(
            fields.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
        return .object(
            all.enumerated().sorted {
                (order[$0.element.key] ?? fields.count, $0.offset) < (
                    order[$1.element.key] ?? fields.count, $1.offset
                )
            }.map(\.element))
    }

    /// The UUID whose key encrypts this record's personal members: the first key holder named in the data,
    /// else the subject.
    public func keyHolder(in data: JSON, subject: String) -> String {
        keyHolderFields.lazy.compactMap { data[$0]?.stringValue }.first ?? subject
    }
}
