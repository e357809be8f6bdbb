import Foundation

/// Secrets that are tried first by whoever guesses, and are therefore not taken.
enum CommonSecrets {
    /// What most people choose who choose four to eight digits, beside runs and repetitions of one digit.
    static let pins: Set<String> = [
        "1212", "1010", "2020", "2121", "1313", "1122", "1221", "2211", "2233", "3344", "2580", "0852", "1004", "6969",
        "4200", "1357", "2468", "7890", "0987", "112233", "121212", "123123", "123321", "131313", "101010", "202020",
        "159753", "147258", "147852", "789456", "456789", "654321", "696969", "102030", "170845", "17081945",
        "11223344", "12341234", "12121212", "10203040", "13579246", "12344321",
    ]

    /// Words of which common passwords are made, in the languages of those who sign in here, and the words of this
    /// place: its program, offices and roles. Beside them, runs of the keyboard and the alphabet.
    static let words: [String] = [
        // English
        "password", "passw0rd", "passphrase", "secret", "letmein", "welcome", "administrator", "admin", "login",
        "master", "default", "changeme", "iloveyou", "football", "baseball", "basketball", "superman", "batman",
        "sunshine", "princess", "dragon", "monkey", "shadow", "michael", "charlie", "computer", "internet", "service",
        "server", "system", "manager", "guest", "test", "temp", "user", "hello", "love", "baby", "angel", "summer",
        "winter", "january", "february", "march", "april", "june", "july", "august", "september", "october",
        "november", "december", "monday", "friday", "sunday", "correcthorsebatterystaple", "trustno",
        // Indonesian
        "katasandi", "sandi", "rahasia", "indonesia", "indonesiaraya", "merdeka", "pancasila", "garuda", "bismillah",
        "alhamdulillah", "assalamualaikum", "subhanallah", "allahuakbar", "allah", "muhammad", "sayang", "sayangku",
        "cintaku", "cinta", "akucintakamu", "akusayangkamu", "keluarga", "bahagia", "selamat", "pagi", "malam",
        "bangsa", "negara", "jakarta", "bandung", "surabaya", "jawabarat", "jawatimur", "jawatengah", "serang",
        "banten", "malaysia", "taiwan", "hongkong", "saudi", "persib", "persija", "januari", "februari", "maret",
        "juni", "juli", "agustus", "oktober", "desember", "senin", "jumat", "minggu", "kantor", "desa", "kepala",
        "terimakasih", "apakabar", "gantisandi", "ganti", "baru", "lama",
        // This place
        "simpul", "kkbm", "bp3mi", "bp2mi", "p4mi", "kp2mi", "kemenp2mi", "kementerian", "migran", "pekerja",
        "pekerjamigran", "penggerak", "kawan", "satgas", "tppo", "pusat", "hub", "operator", "analis", "analyst",
        "officer", "caseworker", "perlindungan", "pelindungan",
        // Keyboard and alphabet
        "qwertyuiop", "qwerty", "asdfghjkl", "asdfgh", "asdf", "zxcvbnm", "zxcvbn", "zxcv", "qazwsxedc", "qazwsx",
        "1qaz2wsx3edc", "1qaz2wsx", "qwer", "abcdefghijklmnopqrstuvwxyz", "abcdefghijkl", "abcdefgh", "abcdef", "abcd",
        "abc", "0123456789", "1234567890", "123456789", "12345678", "1234567", "123456", "12345", "1234", "123",
        "9876543210", "987654321", "87654321", "654321", "54321", "4321", "321",
    ].sorted { $0.count > $1.count }

    /// Letters and digits beside the common words that a password needs to be more than them.
    static let ownCharacters = 4

    /// Whether little is left of a password without common words, its person's name, runs and repetitions.
    static func isGuessable(password: String, name: String) -> Bool {
        let plain = Self.plain(password)
        // One short piece over and over: abcabcabcabc.
        for length in 1...6 where plain.count > length {
            let piece = plain.prefix(length)
            if plain == String(repeating: String(piece), count: plain.count / length + 1).prefix(plain.count) {
                return true
            }
        }
        guard Set(plain).count > 4 else { return true }
        var rest = plain
        let own = name.split { !$0.isLetter && !$0.isNumber }.map { Self.plain(String($0)) }.filter { $0.count > 2 }
        for word in own + words { rest = rest.replacingOccurrences(of: word, with: "\u{0}") }
        // Up to four digits at the end are a year or a counter.
        var digits = 4
        while let last = rest.last, last == "\u{0}" || last.isNumber && digits > 0 {
            if last != "\u{0}" { digits -= 1 }
            rest.removeLast()
        }
        return rest.filter { $0 != "\u{0}" }.count < ownCharacters
    }

    /// Small letters and digits, the usual disguises taken off.
    private static func plain(_ text: String) -> String {
        let disguises: [Character: Character] = ["@": "a", "$": "s"]
        return String(
            text.precomposedStringWithCompatibilityMapping.lowercased().map { disguises[$0] ?? $0 }
                .filter { $0.isLetter || $0.isNumber })
    }
}
