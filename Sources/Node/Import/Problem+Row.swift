import Catalogue

/// What can be wrong with a row of a file as a row.
extension Problem {
    static func unreadable(_ fault: CSVFault) -> Problem {
        switch fault {
        case .textAfterQuote:
            Problem(
                path: "",
                what: LocalizedText(
                    id: "Ada teks setelah tanda kutip penutup.", en: "There is text after a closing quote."),
                fix: LocalizedText(
                    id: "Tulis tanda kutip di dalam isi dua kali.", en: "Double the quotes inside of a field."))
        case .unclosedQuote:
            Problem(
                path: "",
                what: LocalizedText(
                    id: "Tanda kutip dibuka dan tidak pernah ditutup; sisa berkas tidak terbaca.",
                    en: "A quote is opened and never closed; the rest of the file was not read."),
                fix: LocalizedText(id: "Tutup tanda kutip itu.", en: "Close it."))
        case .notUTF8:
            Problem(
                path: "", what: LocalizedText(id: "Bukan teks UTF-8.", en: "It is not UTF-8 text."),
                fix: LocalizedText(id: "Simpan berkas sebagai CSV UTF-8.", en: "Save the file as CSV UTF-8."))
        }
    }

    static func wrongColumns(_ count: Int, expected: Int) -> Problem {
        Problem(
            path: "",
            what: LocalizedText(
                id: "Ada \(count) kolom, judulnya \(expected).", en: "It has \(count) columns, the heading \(expected)."
            ),
            fix: LocalizedText(
                id: "Beri tanda kutip pada isi yang memuat pemisah.",
                en: "Put quotes around fields that hold the delimiter."))
    }

    static func notJSON(_ reason: String) -> Problem {
        Problem(
            path: "",
            what: LocalizedText(id: "Bukan JSON yang ketat: \(reason).", en: "It is not strict JSON: \(reason)."),
            fix: LocalizedText(id: "Tulis satu objek JSON tiap baris.", en: "Write one JSON object a line."))
    }

    static let notAnEntry = Problem(
        path: "", what: LocalizedText(id: "Bukan objek JSON.", en: "It is no JSON object."),
        fix: LocalizedText(id: "Tulis satu objek JSON tiap baris.", en: "Write one JSON object a line."))

    static func notText(_ member: String) -> Problem {
        Problem(
            path: member, what: LocalizedText(id: "Bukan teks.", en: "It is no text."),
            fix: LocalizedText(id: "Tulis di antara tanda kutip.", en: "Write it between quotes."))
    }

    static func strangeMember(_ member: String) -> Problem {
        Problem(
            path: member, what: LocalizedText(id: "Anggota ini tidak dikenal.", en: "This member is not known."),
            fix: LocalizedText(
                id: "Di samping data hanya ada subject, occurredat, for dan type.",
                en: "Beside data there are only subject, occurredat, for and type."))
    }

    static func otherType(_ type: String, wanted: String) -> Problem {
        Problem(
            path: "type",
            what: LocalizedText(id: "Jenisnya \(type), bukan \(wanted).", en: "It is a \(type), not a \(wanted)."),
            fix: LocalizedText(id: "Impor tiap jenis sendiri-sendiri.", en: "Import each type by itself."))
    }

    static func changedSince(_ place: String) -> Problem {
        Problem(
            path: "",
            what: LocalizedText(
                id: "Sudah diimpor dengan isi lain (\(place)).",
                en: "It was imported before with other content (\(place))."),
            fix: LocalizedText(
                id: "Kalau isinya berubah, tulis koreksi: simpul record record.corrected.",
                en: "Where it changed, write a correction: simpul record record.corrected."))
    }

    static func notRecorded(_ reason: String) -> Problem {
        Problem(
            path: "", what: LocalizedText(id: "Tidak dapat disimpan: \(reason).", en: "It cannot be saved: \(reason)."),
            fix: LocalizedText(id: "Perbaiki baris ini dan impor lagi.", en: "Correct the row and import again."))
    }
}
