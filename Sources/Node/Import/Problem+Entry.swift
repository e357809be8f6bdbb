import Catalogue

/// What can be wrong with an entry beside its data.
extension Problem {
    static func noSubject(kind: String) -> Problem {
        Problem(
            path: "subject",
            what: LocalizedText(
                id: "Tidak jelas tentang siapa atau apa.", en: "It does not say whom or what it is about."),
            fix: LocalizedText(
                id: "Beri UUID dari \(kind) itu (subject).", en: "Give the UUID of the \(kind) (subject)."))
    }

    static func subjectsDiffer(field: String) -> Problem {
        Problem(
            path: "subject",
            what: LocalizedText(
                id: "Subjek berbeda dari \(field) di datanya.", en: "The subject differs from \(field) in the data."),
            fix: LocalizedText(id: "Tulis salah satu saja.", en: "Write only one of them."))
    }

    static func notAMoment(_ text: String) -> Problem {
        Problem(
            path: "occurredat",
            what: LocalizedText(id: "“\(text)” bukan tanggal atau waktu.", en: "“\(text)” is no date or time."),
            fix: LocalizedText(
                id: "Tulis 2026-08-14, atau 2026-08 kalau harinya tidak diketahui.",
                en: "Write 2026-08-14, or 2026-08 when the day is not known."))
    }

    static func notOurs(region: String, own: String) -> Problem {
        Problem(
            path: "audience",
            what: LocalizedText(
                id: "“\(region)” bukan wilayah di dalam \(own).", en: "“\(region)” is no region within \(own)."),
            fix: LocalizedText(
                id: "Beri kode wilayah seperti 36.04.13.2007.", en: "Give a region code such as 36.04.13.2007."))
    }

    static func unknownRole(_ role: String, known: [String]) -> Problem {
        Problem(
            path: "role",
            what: LocalizedText(id: "Peran “\(role)” tidak dikenal.", en: "The role “\(role)” is not known."),
            fix: LocalizedText(
                id: "Pilih: \(known.joined(separator: ", ")).", en: "Choose: \(known.joined(separator: ", "))."))
    }

    static func roleMayNot(_ role: String, type: String, roles: [String]) -> Problem {
        Problem(
            path: "role",
            what: LocalizedText(
                id: "\(type) tidak dicatat oleh peran \(role).", en: "\(type) is not recorded in the role \(role)."),
            fix: LocalizedText(
                id: "Beri peran: \(roles.joined(separator: ", ")).",
                en: "Give the role: \(roles.joined(separator: ", "))."))
    }
}
