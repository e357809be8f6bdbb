/// A strict scan of one JSON text into a flat list of tokens, made to be used again and again.
///
/// A scan validates everything that `JSONError` lists, once, and allocates nothing after the first few lines: the
/// text is copied into a buffer that the tape keeps, tokens into another. Values are then read from the tape by
/// index, and only those that are asked for are decoded. Index 0 is the outermost value; a member's key is at some
/// index `i`, its value at `i + 1`.
///
///     var tape = JSONTape()
///     try tape.scan(line)
///     if let type = tape.find("type", in: 0) { print(tape.string(type) ?? "") }
///
/// Indices come from the tape itself and hold until its next scan; using an index of another scan is a programming
/// error, and may trap.
public struct JSONTape: Sendable {
    /// The text, followed by zero bytes so that the scanner may load eight bytes anywhere.
    private(set) var text: [UInt8] = []
    private(set) var tokens: [JSONToken] = []
    private var frames: [JSONScanner.Frame] = []

    public init() {}

    /// Reads a text, replacing what the tape held. After an error the tape is empty.
    public mutating func scan(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .line
    ) throws(JSONError) {
        tokens.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        guard bytes.count <= limits.maximumBytes else {
            throw JSONError(.tooLong, at: limits.maximumBytes)
        }
        text.reserveCapacity(bytes.count + JSONScanner.padding)
        text.append(contentsOf: bytes)
        text.append(contentsOf: repeatElement(0, count: JSONScanner.padding))

        var scanner = JSONScanner(limits: limits, end: bytes.count, tokens: tokens, frames: frames)
        // The scanner must own the buffers alone, or each append would copy them.
        tokens = []
        frames = []
        let input = text
        do {
            try input.withUnsafeBufferPointer { (buffer) throws(JSONError) in
                if let base = buffer.baseAddress { try scanner.scan(base) }
            }
        } catch {
            scanner.tokens.removeAll(keepingCapacity: true)
            (tokens, frames) = (scanner.tokens, scanner.frames)
            throw error
        }
        (tokens, frames) = (scanner.tokens, scanner.frames)
    }

    /// Reads a text, replacing what the tape held. After an error the tape is empty.
    public mutating func scan(_ bytes: [UInt8], limits: JSONLimits = .line) throws(JSONError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
            try scan(UnsafeRawBufferPointer(buffer), limits: limits)
        }
    }

    /// How many tokens there are, keys included; 0 before the first scan and after a failed one.
    public var count: Int { tokens.count }
}

// MARK: - Finding values

extension JSONTape {
    public func kind(_ index: Int) -> JSONKind { tokens[index].kind }

    /// The index of the token after a value and all it contains.
    public func next(after index: Int) -> Int { Int(tokens[index].link) }

    /// The value of a member, or nil where the value is no object or has no such member.
    public func find(_ key: StaticString, in object: Int) -> Int? {
        let wanted = UnsafeRawBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount)
        return find(wanted, in: object)
    }

    /// The value of a member, or nil where the value is no object or has no such member.
    public func find(_ key: some Collection<UInt8>, in object: Int) -> Int? {
        if let found = key.withContiguousStorageIfAvailable({
            find(UnsafeRawBufferPointer($0), in: object)
        }) {
            return found
        }
        return Array(key).withUnsafeBytes { find($0, in: object) }
    }

    private func find(_ key: UnsafeRawBufferPointer, in object: Int) -> Int? {
        guard tokens.indices.contains(object), tokens[object].kind == .object else { return nil }
        let end = Int(tokens[object].link)
        var index = object + 1
        while index < end {
            if content(index, equals: key) { return index + 1 }
            index = Int(tokens[index + 1].link)
        }
        return nil
    }

    /// The members of an object, as pairs of indices; nothing where the value is no object.
    public func forEachMember<E: Error>(
        of object: Int, _ body: (_ key: Int, _ value: Int) throws(E) -> Void
    ) throws(E) {
        guard tokens[object].kind == .object else { return }
        let end = Int(tokens[object].link)
        var index = object + 1
        while index < end {
            try body(index, index + 1)
            index = Int(tokens[index + 1].link)
        }
    }

    /// The elements of an array, as indices; nothing where the value is no array.
    public func forEachElement<E: Error>(
        of array: Int, _ body: (_ element: Int) throws(E) -> Void
    ) throws(E) {
        guard tokens[array].kind == .array else { return }
        let end = Int(tokens[array].link)
        var index = array + 1
        while index < end {
            try body(index)
            index = Int(tokens[index].link)
        }
    }
}

// MARK: - Reading values

extension JSONTape {
    /// Where the text of a value lies in the input; for strings and keys, the content between the quotes.
    public func range(_ index: Int) -> Range<Int> { tokens[index].range }

    /// The text of a value as it stands in the input; for strings and keys, the content between the quotes, with
    /// its escapes.
    public func withText<R, E: Error>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) throws(E) -> R
    ) throws(E) -> R {
        let range = tokens[index].range
        return try text.withUnsafeBufferPointer { (buffer) throws(E) in
            try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: buffer[range])))
        }
    }

    /// A string or key, decoded; nil for other values.
    public func string(_ index: Int) -> String? {
        let token = tokens[index]
        guard token.kind == .string else { return nil }
        return text.withUnsafeBufferPointer { buffer in
            let content = UnsafeBufferPointer(rebasing: buffer[token.range])
            guard token.hasEscapes else { return String(decoding: content, as: UTF8.self) }
            return String(decoding: Array(IteratorSequence(JSONStringDecoder(content))), as: UTF8.self)
        }
    }

    /// An integer; nil for other values, decimals included.
    public func integer(_ index: Int) -> Int64? {
        guard tokens[index].kind == .integer else { return nil }
        return withText(index) { digits in
            var magnitude: Int64 = 0
            for byte in digits where byte != UInt8(ascii: "-") {
                magnitude = magnitude &* 10 &+ Int64(byte &- UInt8(ascii: "0"))
            }
            return digits.first == UInt8(ascii: "-") ? -magnitude : magnitude
        }
    }

    /// The digits of an integer or a decimal, as written; nil for other values.
    public func numberText(_ index: Int) -> String? {
        guard tokens[index].kind == .integer || tokens[index].kind == .decimal else { return nil }
        return withText(index) { String(decoding: $0, as: UTF8.self) }
    }

    public func boolean(_ index: Int) -> Bool? {
        switch tokens[index].kind {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// Whether the text of a string or key differs from its content.
    func hasEscapes(_ index: Int) -> Bool { tokens[index].hasEscapes }

    /// Whether a string or key has exactly this content, escapes decoded.
    public func equals(_ index: Int, _ wanted: StaticString) -> Bool {
        let wanted = UnsafeRawBufferPointer(start: wanted.utf8Start, count: wanted.utf8CodeUnitCount)
        return tokens[index].kind == .string && content(index, equals: wanted)
    }

    /// The value and all it contains, as a tree.
    public func value(_ index: Int) -> JSON {
        switch tokens[index].kind {
        case .null: return .null
        case .false: return .bool(false)
        case .true: return .bool(true)
        case .integer: return .int(integer(index) ?? 0)
        case .decimal: return .decimal(numberText(index) ?? "0")
        case .string: return .string(string(index) ?? "")
        case .array:
            var elements: [JSON] = []
            forEachElement(of: index) { elements.append(value($0)) }
            return .array(elements)
        case .object:
            var members: [JSONMember] = []
            forEachMember(of: index) { members.append(JSONMember(string($0) ?? "", value($1))) }
            return .object(members)
        }
    }

    private func content(_ index: Int, equals wanted: UnsafeRawBufferPointer) -> Bool {
        let token = tokens[index]
        return text.withUnsafeBufferPointer { buffer in
            let content = UnsafeBufferPointer(rebasing: buffer[token.range])
            if !token.hasEscapes {
                return content.count == wanted.count && content.elementsEqual(wanted)
            }
            return IteratorSequence(JSONStringDecoder(content)).elementsEqual(wanted)
        }
    }
}

extension JSON {
    /// Reads exactly one value, strictly (see `JSONError`). Never traps, whatever the bytes.
    public static func parse(
        _ bytes: some Collection<UInt8>, limits: JSONLimits = .line
    ) throws(JSONError) -> JSON {
        var tape = JSONTape()
        try tape.scan(Array(bytes), limits: limits)
        return tape.value(0)
    }
}
