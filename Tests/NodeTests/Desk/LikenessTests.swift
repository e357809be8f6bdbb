import Event
import Testing

@testable import Node

/// By what two registrations are taken to be alike.
@Suite struct LikenessTests {
    @Test(
        "the same number is the same however it is written",
        arguments: [
            ("0812-3456-7890", "+62 812 3456 7890", true), ("081234567890", "6281234567890", true),
            ("0812-3456-7890", "0812-3456-7891", false), ("123", "123", false),
        ])
    func phones(one: String, other: String, alike: Bool) {
        let marks = [one, other].map { PersonMarks(["phone": .string($0)]).phone }
        #expect((marks[0] != nil && marks[0] == marks[1]) == alike)
    }

    @Test(
        "a name is a mark only with a whole date of birth",
        arguments: [
            ("Siti Nur Aini", "1998-03-04", "nur aini, SITI", "1998-03-04", true),
            ("Siti Nur Aini", "1998", "Siti Nur Aini", "1998", false),
            ("Siti Nur Aini", "1998-03-04", "Siti Nur", "1998-03-04", false),
        ])
    func names(one: String, born: String, other: String, bornToo: String, alike: Bool) {
        let marks = [(one, born), (other, bornToo)].map {
            PersonMarks(["full_name": .string($0.0), "birth_date": .string($0.1)]).nameAndBirth
        }
        #expect((marks[0] != nil && marks[0] == marks[1]) == alike)
    }

    @Test func `a NIK of another length marks nobody`() {
        #expect(PersonMarks(["nik": "3604134107989999"]).nik == "3604134107989999")
        #expect(PersonMarks(["nik": "36041341079899"]).nik == nil)
    }
}
