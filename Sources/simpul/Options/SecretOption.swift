import ArgumentParser
import Foundation
import Node

/// Where a PIN or password comes from: never from the command line, which others on the machine can see.
struct SecretOption: ParsableArguments {
    @Option(help: "Read the PIN or password from this file, - for standard input, instead of asking.")
    var passwordFile: String?

    func read() throws -> String {
        if let passwordFile {
            let data =
                passwordFile == "-"
                ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: passwordFile)
            guard let data, let line = String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).first
            else {
                throw NodeError(.badInput, "\(passwordFile) holds no password", advice: "write it on the first line")
            }
            return String(line)
        }
        guard let typed = getpass("PIN / password: ") else {
            throw NodeError(.badInput, "there is no terminal to ask on", advice: "give --password-file")
        }
        return String(cString: typed)
    }
}
