import ArgumentParser
import Foundation
import Node

/// Asks for secrets on the terminal, or reads them from a file: never from the command line, which others can see.
struct SecretPrompt {
    let language: LanguageOption

    /// - Parameter file: its first line; `-` is the standard input; nil asks.
    func read(_ id: String, _ en: String, file: String?) throws -> String {
        guard let file else { return try ask(id, en) }
        let bytes = try InputFile.bytes(file)
        guard let line = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first else {
            throw NodeError(.badInput, "\(file) is empty", advice: "write it on the first line")
        }
        return String(line)
    }

    /// A new one, typed twice.
    func new(file: String?) throws -> Passphrase {
        let text = try read("Kata sandi simpul yang baru: ", "New passphrase: ", file: file)
        let passphrase = try Passphrase.new(text)
        if file == nil, try ask("Sekali lagi: ", "Once more: ") != text {
            throw NodeError(.badInput, "the two differ", advice: "nothing was changed; try again")
        }
        return passphrase
    }

    private func ask(_ id: String, _ en: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1, let typed = getpass(language.say(id, en)) else {
            throw NodeError(
                .badInput, "there is no terminal to ask on", advice: "give it in a file, or - for the standard input")
        }
        defer { explicit_bzero(typed, strlen(typed)) }
        return String(cString: typed)
    }
}

/// Tells of a recovery code that is to be written on paper.
struct PaperCode {
    let language: LanguageOption

    func tell(_ code: RecoveryCode?) {
        guard let code else { return }
        Output.note(
            language.say(
                "Tulis kode pemulihan ini di kertas dan simpan di tempat terkunci. Kode tidak ditunjukkan lagi:",
                "Write this recovery code on paper and lock it away. It is not shown again:"))
        Output.result(code.text)
    }
}
