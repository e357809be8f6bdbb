import Event

/// Every sentence a person may read about what was entered, in one place, so that the tone stays one.
extension Problem {
    /// What a value should have been.
    enum Expectation {
        case text, integer, number, boolean, date, partialDate, month, dateTime, identifier, reference,
            object, list
        case phone, nik, sha256
    }

    /// What is doubtful about a NIK.
    enum Doubt {
        case region, date, birthDate, serial, sex
    }

    static func missing(_ label: LocalizedText, at path: String) -> Problem {
        Problem(
            path: path, what: LocalizedText(id: "\(label.id) belum diisi.", en: "\(label.en) is missing."),
            fix: LocalizedText(id: "Isi dulu.", en: "Fill it in."))
    }

    static func expected(_ expectation: Expectation, at path: String) -> Problem {
        let (what, fix) = expectation.wording
        return Problem(path: path, what: what, fix: fix)
    }

    static func expectedRegion(_ level: RegionCode.Level?, at path: String) -> Problem {
        let example =
            switch level {
            case .province: "36"
            case .regency: "36.04"
            case .district: "36.04.13"
            case .nation: "id"
            case .village, nil: "36.04.13.2007"
            }
        return Problem(
            path: path,
            what: LocalizedText(
                id: "Kode wilayah tidak dikenal.", en: "This is no region code that fits here."),
            fix: LocalizedText(id: "Tulis seperti \(example).", en: "Write it like \(example)."))
    }

    static func tooLong(_ limit: Int, at path: String) -> Problem {
        Problem(
            path: path, what: LocalizedText(id: "Terlalu panjang.", en: "Too long."),
            fix: LocalizedText(id: "Paling banyak \(limit) huruf.", en: "At most \(limit) characters."))
    }

    static func outOfRange(_ min: String?, _ max: String?, at path: String) -> Problem {
        let fix =
            switch (min, max) {
            case (let min?, let max?):
                LocalizedText(id: "Isi antara \(min) dan \(max).", en: "Enter \(min) to \(max).")
            case (let min?, nil): LocalizedText(id: "Paling kecil \(min).", en: "At least \(min).")
            case (nil, let max?): LocalizedText(id: "Paling besar \(max).", en: "At most \(max).")
            case (nil, nil): LocalizedText(id: "Periksa lagi.", en: "Check it.")
            }
        return Problem(
            path: path,
            what: LocalizedText(id: "Angkanya di luar batas.", en: "The number is out of range."), fix: fix)
    }

    static func tooPrecise(_ scale: Int, at path: String) -> Problem {
        Problem(
            path: path,
            what: LocalizedText(
                id: "Angka di belakang koma terlalu banyak.", en: "Too many digits after the point."),
            fix: LocalizedText(id: "Paling banyak \(scale).", en: "At most \(scale)."))
    }

    static func tooMany(_ limit: Int, at path: String) -> Problem {
        Problem(
            path: path, what: LocalizedText(id: "Terlalu banyak isian.", en: "Too many entries."),
            fix: LocalizedText(id: "Paling banyak \(limit).", en: "At most \(limit)."))
    }

    static func repeated(at path: String) -> Problem {
        Problem(
            path: path, what: LocalizedText(id: "Sudah dipilih.", en: "Chosen twice."),
            fix: LocalizedText(id: "Hapus salah satu.", en: "Remove one."))
    }

    static func unknownCode(_ code: String, of options: [CodeList.Entry], at path: String) -> Problem {
        // Long lists (countries) would bury the message; a form offers them anyway.
        let known = options.count <= 24 ? options.map(\.code).joined(separator: ", ") : nil
        return Problem(
            path: path,
            what: LocalizedText(
                id: "Pilihan \"\(code)\" tidak ada di daftar.", en: "\"\(code)\" is not in the list."),
            fix: LocalizedText(
                id: known.map { "Pilih salah satu: \($0)." } ?? "Pilih dari daftar.",
                en: known.map { "Choose one of: \($0)." } ?? "Choose from the list."))
    }

    static func notAField(_ name: String, among fields: [Field], at path: String) -> Problem {
        let known = fields.map(\.name).joined(separator: ", ")
        return Problem(
            path: path,
            what: LocalizedText(
                id: "\"\(name)\" bukan isian di sini.", en: "\"\(name)\" is not a field here."),
            fix: LocalizedText(id: "Isian yang ada: \(known).", en: "Its fields are \(known)."))
    }

    static func before(_ field: String, at path: String) -> Problem {
        Problem(
            path: path,
            what: LocalizedText(id: "Lebih awal dari \(field).", en: "Earlier than \(field)."),
            fix: LocalizedText(id: "Periksa keduanya.", en: "Check both."))
    }

    static func inTheFuture(at path: String) -> Problem {
        Problem(
            severity: .warning, path: path,
            what: LocalizedText(id: "Tanggalnya di masa depan.", en: "The date is in the future."),
            fix: LocalizedText(
                id: "Periksa tanggal ini dan jam komputer.", en: "Check this date and the computer's clock."))
    }

    static func doubtfulNIK(_ doubt: Doubt, at path: String) -> Problem {
        Problem(
            severity: .warning, path: path, what: doubt.wording,
            fix: LocalizedText(
                id: "Cocokkan dengan KTP/KK. Kalau memang begitu, biarkan.",
                en: "Compare with the identity or family card. If it says so, leave it."))
    }
}

extension Problem {
    static func unknownType(_ name: String) -> Problem {
        Problem(
            path: "",
            what: LocalizedText(
                id: "Jenis catatan \"\(name)\" tidak dikenal.", en: "The event type \"\(name)\" is not known."
            ),
            fix: LocalizedText(
                id: "Periksa namanya, atau pasang berkas jenis itu.",
                en: "Check the name, or install its file."))
    }

    static let notAnObject = Problem(
        path: "",
        what: LocalizedText(id: "Isi catatan harus berupa objek.", en: "An event's data must be an object."),
        fix: LocalizedText(id: "Tulis { … }.", en: "Write { … }."))

    static func tooLarge(limit: Int) -> Problem {
        Problem(
            path: "", what: LocalizedText(id: "Catatan terlalu besar.", en: "The record is too large."),
            fix: LocalizedText(
                id: "Persingkat: paling banyak \(limit) bita.", en: "Shorten it: at most \(limit) bytes."))
    }
}

extension Problem.Expectation {
    var wording: (what: LocalizedText, fix: LocalizedText) {
        switch self {
        case .text: pair("Ini harus teks.", "This must be a text.", "Tulis teks.", "Write a text.")
        case .integer:
            pair(
                "Ini harus bilangan bulat.", "This must be a whole number.", "Tulis angka saja.",
                "Write digits only.")
        case .number:
            pair("Ini harus angka.", "This must be a number.", "Tulis angka saja.", "Write digits only.")
        case .boolean:
            pair("Ini harus ya atau tidak.", "This must be yes or no.", "Pilih salah satu.", "Choose one.")
        case .date:
            pair(
                "Tanggal tidak dikenal.", "This is no date.", "Tulis seperti 2026-08-14.",
                "Write it like 2026-08-14.")
        case .partialDate:
            pair(
                "Tanggal tidak dikenal.", "This is no date.", "Tulis seperti 2026-08-14, 2026-08 atau 2026.",
                "Write it like 2026-08-14, 2026-08 or 2026.")
        case .month:
            pair(
                "Bulan tidak dikenal.", "This is no month.", "Tulis seperti 2026-08.",
                "Write it like 2026-08.")
        case .dateTime:
            pair(
                "Waktu tidak dikenal.", "This is no date and time.",
                "Tulis seperti 2026-08-14T09:30:00+07:00.",
                "Write it like 2026-08-14T09:30:00+07:00.")
        case .identifier:
            pair(
                "Pengenal tidak dikenal.", "This is no identifier.",
                "Pilih dari daftar, atau tulis UUID huruf kecil.",
                "Choose from the list, or write a lower-case UUID.")
        case .reference:
            pair(
                "Rujukan catatan tidak dikenal.", "This is no reference to a record.",
                "Salin dari catatannya: LOG#NOMOR~SIDIK.", "Copy it from the record: LOG#NUMBER~HASH.")
        case .object: pair("Ini harus objek.", "This must be an object.", "Tulis { … }.", "Write { … }.")
        case .list: pair("Ini harus daftar.", "This must be a list.", "Tulis [ … ].", "Write [ … ].")
        case .phone:
            pair(
                "Nomor telepon tidak dikenal.", "This is no telephone number.",
                "Tulis seperti 0812-0000-0001.",
                "Write it like 0812-0000-0001.")
        case .nik:
            pair(
                "NIK harus 16 angka.", "A NIK has 16 digits.", "Periksa KTP/KK, tanpa spasi.",
                "See the identity or family card; no spaces.")
        case .sha256:
            pair(
                "Sidik SHA-256 tidak dikenal.", "This is no SHA-256.",
                "Tulis 64 angka heksadesimal huruf kecil.",
                "Write 64 lower-case hexadecimal digits.")
        }
    }

    private func pair(
        _ what: String, _ whatEnglish: String, _ fix: String, _ fixEnglish: String
    ) -> (what: LocalizedText, fix: LocalizedText) {
        (LocalizedText(id: what, en: whatEnglish), LocalizedText(id: fix, en: fixEnglish))
    }
}

extension Problem.Doubt {
    fileprivate var wording: LocalizedText {
        switch self {
        case .region:
            LocalizedText(
                id: "Kode wilayah di NIK tidak dikenal.", en: "The region code in the NIK is not known.")
        case .date:
            LocalizedText(
                id: "Tanggal lahir di NIK tidak ada.", en: "The birth date in the NIK does not exist.")
        case .birthDate:
            LocalizedText(
                id: "Tanggal lahir di NIK berbeda dari isian.",
                en: "The birth date in the NIK differs from the form.")
        case .serial:
            LocalizedText(id: "Nomor urut NIK 0000.", en: "The NIK's serial number is 0000.")
        case .sex:
            LocalizedText(
                id: "Jenis kelamin di NIK berbeda dari isian.",
                en: "The sex in the NIK differs from the form.")
        }
    }
}
