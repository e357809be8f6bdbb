import Event

/// Checks the members of one object, and of the objects in it, collecting every problem.
struct FieldChecker {
    let isPersonalEncrypted: Bool
    var problems: [Problem] = []

    mutating func check(_ fields: [Field], of data: JSON, at path: String) {
        for field in fields {
            let place = "\(path)/\(field.name)"
            guard let value = data[field.name], !value.isBlank else {
                if isMissing(field, in: data) { problems.append(.missing(field.label, at: place)) }
                continue
            }
            let before = problems.count
            check(value, as: field, at: place)
            // What is of the wrong form needs no second opinion.
            guard problems.count == before else { continue }
            check(value, order: field, in: data, at: place)
            check(value, named: field.check, among: data, at: place)
        }
    }

    /// A required field counts only while the form shows it.
    private func isMissing(_ field: Field, in data: JSON) -> Bool {
        if isPersonalEncrypted && field.sensitivity == .personal { return false }
        if field.requiredWhen.contains(where: { $0.holds(in: data) }) { return true }
        return field.required && field.visibleWhen?.holds(in: data) != false
    }

    private mutating func check(_ value: JSON, as field: Field, at path: String) {
        switch field.kind {
        case .text(let maxLength, _): check(text: value, maxLength: maxLength, at: path)
        case .integer(let min, let max), .money(let min, let max): check(integer: value, min, max, at: path)
        case .decimal(let scale, let min, let max): check(decimal: value, scale: scale, min, max, at: path)
        case .boolean: require(value.boolValue != nil, .expected(.boolean, at: path))
        case .date(let truncatable): check(date: value, truncatable: truncatable, at: path)
        case .month:
            require(
                value.stringValue.flatMap(OccurredAt.init)?.precision == .month, .expected(.month, at: path))
        case .dateTime:
            require(value.stringValue.flatMap(DateTime.init) != nil, .expected(.dateTime, at: path))
        case .code: check(code: value, of: field.options, at: path)
        case .codes:
            eachDifferent(value, at: path) { $0.check(code: $1, of: field.options, at: $2) }
        case .identifier: check(identifier: value, at: path)
        case .identifiers:
            eachDifferent(value, at: path) { $0.check(identifier: $1, at: $2) }
        case .region(let level): check(region: value, level, at: path)
        case .reference:
            require(
                value.stringValue.flatMap { try? LineReference($0) } != nil, .expected(.reference, at: path))
        case .object(let fields): check(object: value, fields, at: path)
        case .objects(let fields, let maxItems): check(objects: value, fields, maxItems: maxItems, at: path)
        case .anyObject: require(value.objectValue != nil, .expected(.object, at: path))
        case .anyValue: break
        }
    }

    mutating func require(_ condition: Bool, _ problem: @autoclosure () -> Problem) {
        if !condition { problems.append(problem()) }
    }
}

extension FieldChecker {
    private mutating func check(text value: JSON, maxLength: Int, at path: String) {
        guard let text = value.stringValue else { return problems.append(.expected(.text, at: path)) }
        require(text.unicodeScalars.count <= maxLength, .tooLong(maxLength, at: path))
        require(!text.unicodeScalars.contains { $0.value == 0 }, .expected(.text, at: path))
    }

    private mutating func check(integer value: JSON, _ min: Int64?, _ max: Int64?, at path: String) {
        guard let number = value.intValue else { return problems.append(.expected(.integer, at: path)) }
        let fits = number >= min ?? .min && number <= max ?? .max
        require(fits, .outOfRange(min.map(String.init), max.map(String.init), at: path))
    }

    private mutating func check(
        decimal value: JSON, scale: Int, _ min: String?, _ max: String?, at path: String
    ) {
        guard let text = value.numberText else { return problems.append(.expected(.number, at: path)) }
        guard let number = Decimals.scaled(text, scale: scale) else {
            return problems.append(.tooPrecise(scale, at: path))
        }
        let bounds = [min, max].map { bound in bound.flatMap { Decimals.scaled($0, scale: scale) } }
        let fits = number >= bounds[0] ?? .min && number <= bounds[1] ?? .max
        require(fits, .outOfRange(min, max, at: path))
    }

    private mutating func check(date value: JSON, truncatable: Bool, at path: String) {
        let precision = value.stringValue.flatMap(OccurredAt.init)?.precision
        let fits = precision == .day || (truncatable && (precision == .month || precision == .year))
        require(fits, .expected(truncatable ? .partialDate : .date, at: path))
    }

    private mutating func check(object value: JSON, _ fields: [Field], at path: String) {
        guard let members = value.objectValue else { return problems.append(.expected(.object, at: path)) }
        // Such a member could not be encrypted apart from the field that it stands in.
        for member in members where !fields.contains(where: { $0.name == member.key }) {
            problems.append(.notAField(member.key, among: fields, at: "\(path)/\(member.key)"))
        }
        check(fields, of: value, at: path)
    }

    private mutating func check(objects value: JSON, _ fields: [Field], maxItems: Int, at path: String) {
        guard let elements = value.arrayValue else { return problems.append(.expected(.list, at: path)) }
        require(elements.count <= maxItems, .tooMany(maxItems, at: path))
        for (index, element) in elements.enumerated() {
            check(object: element, fields, at: "\(path)/\(index)")
        }
    }
}

extension FieldChecker {
    private mutating func check(code value: JSON, of options: [CodeList.Entry], at path: String) {
        guard let code = value.stringValue else { return problems.append(.expected(.text, at: path)) }
        require(options.contains { $0.code == code }, .unknownCode(code, of: options, at: path))
    }

    private mutating func check(identifier value: JSON, at path: String) {
        require(value.stringValue.map(Identifiers.isUUID) == true, .expected(.identifier, at: path))
    }

    private mutating func check(region value: JSON, _ level: RegionCode.Level?, at path: String) {
        let region = value.stringValue.flatMap { try? RegionCode($0) }
        let fits = region != nil && (level == nil || region?.level == level)
        require(fits, .expectedRegion(level, at: path))
    }

    private mutating func eachDifferent(
        _ value: JSON, at path: String, _ check: (inout FieldChecker, JSON, String) -> Void
    ) {
        guard let elements = value.arrayValue else { return problems.append(.expected(.list, at: path)) }
        for (index, element) in elements.enumerated() {
            check(&self, element, "\(path)/\(index)")
            require(!elements[..<index].contains(element), .repeated(at: "\(path)/\(index)"))
        }
    }
}

extension FieldChecker {
    /// `notBefore`: this value must not come before its sibling's.
    mutating func check(_ value: JSON, order field: Field, in data: JSON, at path: String) {
        guard let name = field.notBefore, let earlier = data[name], !earlier.isBlank else { return }
        guard let comparison = Moments.isBefore(value, earlier), comparison else { return }
        problems.append(.before(name, at: path))
    }

    mutating func check(_ value: JSON, named check: FieldCheck?, among data: JSON, at path: String) {
        guard let text = value.stringValue else { return }
        switch check {
        case .nik: problems += NIK.problems(of: text, among: data, at: path)
        case .phone: require(Phone.isPlausible(text), .expected(.phone, at: path))
        case .sha256: require(Identifiers.isSHA256(text), .expected(.sha256, at: path))
        case nil: break
        }
    }
}

extension JSON {
    /// Nothing was entered: null, an empty text or an empty list.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let elements): elements.isEmpty
        default: false
        }
    }
}
