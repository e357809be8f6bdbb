import Catalogue
import Event

/// Valid payloads of one event type, made from the schema's example with other codes, to be filled with other
/// persons and days.
struct EventTemplate: Sendable {
    let type: EventType
    private let variants: [JSON]

    /// - Parameter count: different payloads to make; lines vary further in identifiers and days.
    init(_ type: EventType, catalogue: Catalogue, random: inout SeededRandom, count: Int = 32) {
        self.type = type
        var variants: [JSON] = [type.example]
        while variants.count < count {
            let varied = Self.vary(type.example, type.fields, &random)
            let isValid = catalogue.validate(type: type.name, data: varied).allSatisfy { $0.severity != .error }
            // Some codes need fields that the example lacks: then the example itself is as good.
            variants.append(isValid ? varied : type.example)
        }
        self.variants = variants
    }

    /// A payload of this village on this day.
    func data(_ village: inout VillageLife, _ random: inout SeededRandom) -> JSON {
        let variant = variants[Int(random.next() % UInt64(variants.count))]
        return Self.fill(variant, type.fields, &village, &random)
    }

    private static func vary(_ data: JSON, _ fields: [Field], _ random: inout SeededRandom) -> JSON {
        var data = data
        for field in fields where data[field.name] != nil && Bool.random(using: &random) {
            switch field.kind {
            case .code:
                let codes = field.options.filter { !$0.isRetired }
                if let code = codes.randomElement(using: &random)?.code {
                    data = data.setting(field.name, to: .string(code))
                }
            case .boolean: data = data.setting(field.name, to: .bool(Bool.random(using: &random)))
            case .integer(let min, let max):
                let low = min ?? 0
                let value = Int64.random(
                    in: low...Swift.max(low, Swift.min(max ?? low + 100, low + 100)), using: &random)
                data = data.setting(field.name, to: .int(value))
            case .money: data = data.setting(field.name, to: .int(Int64.random(in: 1...400, using: &random) * 100_000))
            default: break
            }
        }
        return data
    }

    private static func fill(
        _ data: JSON, _ fields: [Field], _ village: inout VillageLife, _ random: inout SeededRandom
    ) -> JSON {
        var data = data
        for field in fields {
            guard let value = data[field.name] else { continue }
            switch field.kind {
            case .identifier(let entity):
                data = data.setting(field.name, to: .string(village.identifier(of: entity ?? "other", &random)))
            case .identifiers(let entity):
                data = data.setting(field.name, to: [.string(village.identifier(of: entity ?? "other", &random))])
            case .dateTime: data = data.setting(field.name, to: .string(village.moment.description))
            case .date: data = data.setting(field.name, to: .string(village.moment.localDate))
            case .month: data = data.setting(field.name, to: .string(String(village.moment.localDate.prefix(7))))
            case .region(let level):
                let region = level.flatMap { village.region.ancestor(at: $0) } ?? village.region
                data = data.setting(field.name, to: .string(region.description))
            case .object(let inner): data = data.setting(field.name, to: fill(value, inner, &village, &random))
            default: break
            }
        }
        return data
    }
}
