import Foundation
import Node

/// An invitation on the command line: the code itself, or a file that holds it.
enum InvitationArgument {
    static func read(_ text: String) throws -> InvitationCode {
        let file = FileManager.default.contents(atPath: text).map { String(decoding: $0, as: UTF8.self) }
        // A code has no dots or slashes; a path that leads nowhere mostly has.
        guard file != nil || !text.contains(where: { "/.".contains($0) }) else {
            throw NodeError(.badInput, "there is no file \(text)", advice: "give the code, or the file that holds it")
        }
        return try InvitationCode(file ?? text)
    }
}
