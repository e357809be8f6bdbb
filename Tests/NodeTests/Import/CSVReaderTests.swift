import Testing

@testable import Node

@Suite struct `A CSV reader` {
    private func fields(_ text: String) -> [[String]] {
        CSVReader(Array(text.utf8)).compactMap { if case .fields(let fields) = $0.content { fields } else { nil } }
    }

    private func rows(_ text: String) -> [CSVRecord] { Array(CSVReader(Array(text.utf8))) }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1\t2", [["a", "b"], ["1", "2"]]),
        ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a,b\n\"x, \"\"y\"\"\",2", [["a", "b"], ["x, \"y\"", "2"]]),
        ("a,b\n\"satu\ndua\",2\n3,4", [["a", "b"], ["satu\ndua", "2"], ["3", "4"]]),
        ("a,b\n,\n\"\",", [["a", "b"], ["", ""], ["", ""]]),
        ("a,b\n\n1,2\n\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n5\" pipa,2", [["a", "b"], ["5\" pipa", "2"]]),
        ("a", [["a"]]),
        ("a,", [["a", ""]]),
        ("", []),
    ])
    func `reads what spreadsheets write`(text: String, expected: [[String]]) {
        #expect(fields(text) == expected)
    }

    @Test func `numbers rows as a spreadsheet does, and lines as an editor does`() {
        let rows = rows("a,b\n\"satu\ndua\",2\n\n3,4\n")
        #expect(rows.map(\.row) == [1, 2, 4])
        #expect(rows.map(\.line) == [1, 2, 5])
    }

    @Test func `goes on after a row that cannot be read`() {
        let rows = rows("a,b\n\"x\"y,2\n3,4\n")
        #expect(rows.map(\.content) == [.fields(["a", "b"]), .unreadable(.textAfterQuote), .fields(["3", "4"])])
    }

    @Test func `says where a quote was opened and never closed`() {
        let rows = rows("a,b\n1,2\n\"x,2\n3,4\n")
        #expect(rows.last?.row == 3)
        #expect(rows.last?.content == .unreadable(.unclosedQuote))
        #expect(rows.count == 3)
    }

    @Test func `refuses what is not UTF-8, row by row`() {
        let bytes = Array("a,b\n".utf8) + [0xE9, UInt8(ascii: ","), UInt8(ascii: "2"), 0x0A] + Array("3,4".utf8)
        let rows = Array(CSVReader(bytes))
        #expect(rows.map(\.content) == [.fields(["a", "b"]), .unreadable(.notUTF8), .fields(["3", "4"])])
    }

    @Test func `never stops or crashes on any bytes`() {
        var generator = SystemRandomNumberGenerator()
        let alphabet: [UInt8] = [0x22, 0x2C, 0x0A, 0x0D, 0x3B, 0x61, 0xFF, 0xEF, 0xBB, 0xBF]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator) ?? 0
            }
            var last = 0
            for record in CSVReader(bytes) {
                #expect(record.row > last)
                last = record.row
            }
        }
    }
}
