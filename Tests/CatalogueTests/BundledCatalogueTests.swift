import Catalogue
import Event
import Testing

@Suite("The catalogue that the program brings")
struct BundledCatalogueTests {
    let catalogue: Catalogue

    init() throws {
        catalogue = try Catalogue.bundled()
    }

    @Test("holds the event types, code lists and risk rules")
    func holdsEverything() {
        #expect(catalogue.types.count >= 70)
        #expect(catalogue.codeLists.count >= 100)
        #expect(catalogue.riskRules.rules.map(\.id) == (1...22).map { $0 < 10 ? "R0\($0)" : "R\($0)" })
    }

    @Test("every type's own example is valid")
    func examplesAreValid() {
        for type in catalogue.types.values {
            let problems = type.validate(type.example)
            #expect(problems.isEmpty, "\(type.name): \(problems)")
        }
    }

    @Test("every type can be divided into readable and personal members and put together again")
    func examplesSplitAndJoin() {
        // What is sealed is set apart before, and never put together again.
        for type in catalogue.types.values where type.sealedFields.isEmpty {
            let (plain, personal) = type.split(type.example)
            let boxed =
                personal == nil ? plain : plain.setting("personal", to: ["key": "k/1", "box": "AA=="])
            #expect(type.validate(boxed).isEmpty, "\(type.name) with encrypted members")
            let joined = type.join(boxed, personal: personal)
            #expect(Set(joined.objectValue ?? []) == Set(type.example.objectValue ?? []), "\(type.name)")
        }
    }

    @Test("a personal member never stays readable, and every identifying name is personal")
    func identifyingFieldsArePersonal() {
        let identifying: Set<String> = [
            "full_name", "alias", "nik", "phone", "hamlet", "birth_date", "guardian_name", "witness",
            "receiver_name",
            "witness_village_gov", "name_or_alias", "vehicle_plate", "member_no", "certificate_no", "id_pmi",
        ]
        for type in catalogue.types.values {
            for field in type.fields where identifying.contains(field.name) {
                #expect(field.sensitivity == .personal, "\(type.name).\(field.name)")
            }
            for member in type.split(type.example).plain.objectValue ?? [] {
                #expect(type.field(member.key)?.sensitivity != .personal)
            }
        }
    }

    @Test("a member that a type does not have is encrypted, but in what is public or written by the program")
    func undeclaredMembersAreEncrypted() throws {
        for type in catalogue.types.values {
            let (plain, personal) = type.split(type.example.setting("nama", to: "Rohmah"))
            let staysReadable = type.sensitivity == .public || type.nodes == [.program]
            #expect((plain["nama"] != nil) == staysReadable, "\(type.name)")
            #expect((personal?["nama"] != nil) != staysReadable, "\(type.name)")
        }
    }

    @Test("no type that the centre records needs what the centre may not hold")
    func centreNeedsNothingPersonal() {
        for type in catalogue.types.values where type.nodes.contains(.centre) {
            for field in type.fields where field.required { #expect(field.sensitivity < .personal, "\(type.name)") }
        }
    }

    @Test("free text that a village writes is personal unless it warns against names")
    func freeTextIsPersonal() {
        for type in catalogue.types.values where type.nodes.contains(.village) {
            for field in type.fields {
                guard case .text(_, multiline: true) = field.kind, field.sensitivity < .personal else {
                    continue
                }
                let warns = field.hint?.id.contains("nama") == true || type.name == "privacy.breach_notified"
                #expect(warns, "\(type.name).\(field.name)")
            }
        }
    }

    @Test("roles are codes of ROLE")
    func rolesAreKnown() throws {
        let roles = try #require(catalogue.codeLists["ROLE"])
        for type in catalogue.types.values {
            for role in type.roles { #expect(roles[role] != nil, "\(type.name): \(role)") }
        }
    }

    @Test("what a village records offline stays inside its region")
    func villageTypesStayInTheirRegion() {
        for type in catalogue.types.values where type.offline && type.nodes.contains(.village) {
            #expect(type.audience.level != .nation, "\(type.name)")
        }
    }
}
