import Catalogue

/// Which secrets are good enough: a short PIN between colleagues on one laptop, a password on a server.
public enum SecretRule: Sendable {
    case pin
    case password

    public static let pinLength = 4...8
    public static let passwordLength = 12...200

    /// What is wrong with `secret`, or nil. No rule asks for kinds of characters.
    ///
    /// - Parameter name: of whose secret it is to be.
    public func problem(with secret: String, name: String = "") -> LocalizedText? {
        switch self {
        case .pin:
            let isDigits = secret.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard isDigits, Self.pinLength.contains(secret.utf8.count) else {
                return LocalizedText(id: "PIN terdiri dari 4 sampai 8 angka.", en: "A PIN has 4 to 8 digits.")
            }
            guard !Self.isObvious(secret) else {
                return LocalizedText(
                    id: "PIN ini terlalu mudah ditebak. Pilih angka lain.",
                    en: "This PIN is too easy to guess. Choose other digits.")
            }
            return nil
        case .password:
            guard Self.passwordLength.contains(secret.unicodeScalars.count) else {
                return LocalizedText(
                    id: "Kata sandi paling sedikit 12 huruf atau angka.",
                    en: "A password has at least 12 characters.")
            }
            guard !CommonSecrets.isGuessable(password: secret, name: name) else {
                return LocalizedText(
                    id: "Kata sandi ini terlalu mudah ditebak. Gabungkan beberapa kata yang tidak berhubungan.",
                    en: "This password is too easy to guess. Join some words that have nothing to do with each other.")
            }
            return nil
        }
    }

    /// One digit repeated, digits counting up or down by one, or one of those that most people choose.
    private static func isObvious(_ pin: String) -> Bool {
        let digits = pin.utf8.map(Int.init)
        let steps = Set(zip(digits.dropFirst(), digits).map { $0 - $1 })
        return steps.count == 1 && steps.isSubset(of: [0, 1, -1]) || CommonSecrets.pins.contains(pin)
    }
}
