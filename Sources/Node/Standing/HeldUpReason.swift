import Catalogue

/// Why a record goes no further, in the words of an organizer, from a code of a refusal or of a counted receipt.
public enum HeldUpReason {
    public static func text(_ code: String) -> LocalizedText {
        reasons[code] ?? LocalizedText(id: "tertahan (\(code))", en: "held up (\(code))")
    }

    private static let reasons: [String: LocalizedText] = [
        "malformed": .init(id: "isinya tidak dapat dibaca", en: "it cannot be read"),
        "wrong-place": .init(id: "mengaku berada di log lain", en: "it says that it stands in another log"),
        "unknown-type": .init(
            id: "jenis catatan ini belum dikenal di pusat", en: "the centre does not know this type yet"),
        "newer-version": .init(
            id: "pusat belum memasang versi jenis catatan ini", en: "the centre has not installed this version yet"),
        "bad-value": .init(id: "ada isian yang tidak sah", en: "a value is not allowed"),
        "target-missing": .init(
            id: "menunggu catatan yang dikoreksi", en: "it waits for the record that it corrects"),
        "target-differs": .init(id: "yang dikoreksi bukan catatan itu", en: "what it corrects is another record"),
        "not-allowed": .init(id: "koreksi ini tidak berhak mengubah catatan itu", en: "it may not change that record"),
        "bad-patch": .init(id: "hasil koreksinya tidak sah", en: "the corrected record would not be valid"),
        "branch": .init(
            id: "log ini bercabang; operator perlu memeriksa", en: "the log has a branch; an operator should look"),
        "quarantined": .init(
            id: "ditulis setelah kunci laptop dicabut; operator perlu memeriksa",
            en: "it was written past the size at which its key was revoked; an operator should look"),
        "too-many-versions": .init(id: "terlalu banyak koreksi", en: "too many corrections"),
        "unknown-author": .init(
            id: "hub belum mengenal kunci laptop ini", en: "the hub does not know this laptop's key yet"),
        "bad-checkpoint": .init(id: "tanda log tidak dapat dibaca", en: "the log's checkpoint cannot be read"),
        "bad-signature": .init(id: "tanda tangan log tidak cocok", en: "the log's signature does not fit"),
        "root-mismatch": .init(
            id: "isi log di sini dan di hub berbeda; operator perlu memeriksa",
            en: "the log differs here and at the hub; an operator should look"),
        "gap": .init(id: "hub belum punya baris sebelumnya", en: "the hub lacks lines before it"),
        "out-of-scope": .init(id: "bukan untuk wilayah ini", en: "it is not for this region"),
        "too-large": .init(id: "terlalu besar untuk satu kiriman", en: "it is too large for one frame"),
        "expands-too-far": .init(id: "terlalu besar setelah dibuka", en: "it expands too far"),
        "disk-full": .init(id: "disk hub penuh; dicoba lagi nanti", en: "the hub's disk is full; tried again later"),
    ]
}
