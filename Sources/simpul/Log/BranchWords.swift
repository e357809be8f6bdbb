import Event
import Sync
import TransparencyLog

/// How a second history of a log is shown: where it leaves the first, and the start of its first line's hash.
enum BranchWords {
    static func name(_ branch: BranchName, _ language: LanguageOption) -> String {
        language.say(
            "  cabang sejak baris \(branch.fork) (\(branch.leaf.hex.prefix(8)))",
            "  branch from line \(branch.fork) (\(branch.leaf.hex.prefix(8)))")
    }

    static func json(_ branch: BranchName) -> JSON {
        .object([JSONMember("fork", .int(branch.fork)), JSONMember("leaf", .string(branch.leaf.hex))])
    }
}
