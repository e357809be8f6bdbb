import Event

extension EventType {
    /// Divides entered data into what stays readable and what is encrypted under the key holder's key.
    ///
    /// Members that the type does not declare are encrypted too: somebody who mistypes the name of a field must
    /// not send a person's name to where nobody may read it. Only in what is public as a whole, or written by the
    /// program, they stay where they are.
    ///
    /// - Returns: `personal` is nil when nothing was given that has to be encrypted.
    public func split(_ data: JSON) -> (plain: JSON, personal: JSON?) {
        let members = data.objectValue ?? []
        let personal = members.filter { isPersonal($0.key) }
        return (.object(members.filter { !isPersonal($0.key) }), personal.isEmpty ? nil : .object(personal))
    }

    private func isPersonal(_ name: String) -> Bool {
        guard let field = field(name) else { return sensitivity > .public && nodes != [.program] }
        return field.sensitivity >= .personal
    }

    /// Members that only a named office may read.
    public var sealedFields: [Field] { fields.filter { $0.sensitivity == .sealed } }

    /// Sets apart what is sealed for an office, before anything else is done with the data.
    ///
    /// - Returns: `sealed` is nil when no sealed member was given.
    public func setApart(_ data: JSON) -> (open: JSON, sealed: JSON?) {
        let names = Set(sealedFields.map(\.name))
        let members = data.objectValue ?? []
        let sealed = members.filter { names.contains($0.key) }
        return (.object(members.filter { !names.contains($0.key) }), sealed.isEmpty ? nil : .object(sealed))
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
