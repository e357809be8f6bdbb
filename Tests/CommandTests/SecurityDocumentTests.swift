import Foundation
import Testing

/// `docs/security.md` says something about every requirement, and names only tests that are there.
@Suite struct SecurityDocumentTests {
    private struct Row {
        let number: String
        let standing: String
        let by: String
    }

    /// How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has, for the chapters that apply. They are
    /// the first of their sections in number.
    private static let sections: [String: Int] = [
        "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
        "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
        "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
        "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4,
        "11.5": 1, "11.6": 1, "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2,
        "14.2": 4, "14.3": 3, "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3,
    ]

    private let rows: [Row]

    init() throws {
        let text = try String(contentsOf: Program.packageRoot.appending(path: "docs/security.md"), encoding: .utf8)
        rows = text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            guard cells.count == 6, cells[1].wholeMatch(of: /\d+\.\d+\.\d+/) != nil else { return nil }
            return Row(number: cells[1], standing: cells[3], by: cells[4])
        }
    }

    @Test func `each requirement stands once in the table`() {
        let expected = Self.sections.flatMap { section, count in (1...count).map { "\(section).\($0)" } }
        #expect(rows.count == 210)
        #expect(Set(rows.map(\.number)) == Set(expected))
    }

    @Test func `what is not met or only partly says why`() {
        for row in rows {
            #expect(["met", "partly", "no", "—"].contains(row.standing), "\(row.number)")
            if ["partly", "no"].contains(row.standing) { #expect(row.by.count > 20, "\(row.number)") }
        }
    }

    @Test func `the tests that it names are there`() throws {
        let tests = Program.packageRoot.appending(path: "Tests")
        let files = try #require(FileManager.default.enumerator(atPath: tests.path)?.allObjects as? [String])
        let names = Set(files.compactMap { $0.split(separator: "/").last.map(String.init) })
        for row in rows {
            for match in row.by.matches(of: /`([A-Z][A-Za-z]+Tests)`/) {
                #expect(names.contains(match.1 + ".swift"), "\(row.number): \(match.1)")
            }
        }
    }
}
