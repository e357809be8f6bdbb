import Catalogue
import Event
import Testing

@testable import ReadModels

@Suite struct WriterTests {
    private func answer(_ cells: [ModelValue]) throws -> Answer {
        Answer(
            model: "m", modelVersion: 1, title: LocalizedText(id: "Judul", en: "Title"),
            columns: [
                ModelColumn(name: "name", type: .text, label: LocalizedText(id: "Nama", en: "Name")),
                ModelColumn(name: "n", type: .integer, label: LocalizedText(id: "Jumlah", en: "Count")),
            ], rows: cells.map { [$0, -5] }, cut: 7, scope: .nation, today: try #require(LocalDay("2026-08-01")))
    }

    private func text(_ cells: [ModelValue], _ format: AnswerFormat, _ language: Language = .indonesian) throws
        -> String
    {
        String(decoding: try answer(cells).written(as: format, language: language), as: UTF8.self)
    }

    @Test(arguments: [
        ("＝1+1", "\"'＝1+1\""), ("\n=1", "\"'\n=1\""),
        ("=1+1", "\"'=1+1\""), ("+62812", "\"'+62812\""), ("-2+3", "\"'-2+3\""), ("@SUM(A1)", "\"'@SUM(A1)\""),
        ("\tx", "\"'\tx\""), ("\rx", "\"'\rx\""), ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""),
        ("two\nlines", "\"two\nlines\""), ("", ""),
    ])
    func aTextNeverBecomesAFormula(cell: String, written: String) throws {
        #expect(try text([.text(cell)], .csv) == "name,n\r\n\(written),-5\r\n")
    }

    @Test func numbersStayNumbersAndNothingStaysNothing() throws {
        #expect(try text([.null], .csv) == "name,n\r\n,-5\r\n")
        #expect(try text([.null], .ndjson) == "{\"name\":null,\"n\":-5}\n")
    }

    @Test func jsonCarriesWhatIsNeededToRepeatIt() throws {
        let json = try JSON.parse(Array(try text(["a"], .json).utf8.dropLast()))
        #expect(json["cut"]?.intValue == 7)
        #expect(json["version"]?.intValue == 1)
        #expect(json["rows"]?[0]?["n"]?.intValue == -5)
        #expect(json["columns"]?[1]?["type"]?.stringValue == "integer")
        #expect(json["completeness"]?.isNull == true)
    }

    @Test func aTableShowsNoControlCharacters() throws {
        let table = try text(["a\u{1B}[2Jb\u{202E}c"], .table)
        #expect(!table.unicodeScalars.contains("\u{1B}"))
        #expect(!table.unicodeScalars.contains("\u{202E}"))
        #expect(table.hasPrefix("Nama"))
        #expect(try text(["a"], .table, .english).hasPrefix("Name"))
    }
}
