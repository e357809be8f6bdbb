import ArgumentParser
import Catalogue
import Foundation

/// Tells everything that is wrong with an entry: what, where, and what to do.
struct ProblemReport {
    let language: LanguageOption

    /// One line a problem.
    func lines(_ problems: [Problem]) -> [String] {
        problems.map { problem in
            let place = problem.path.isEmpty ? "" : "\(problem.path.drop { $0 == "/" }): "
            let mark = problem.severity == .warning ? language.say("perhatian: ", "note: ") : ""
            return "\(place)\(mark)\(problem.what[language.language]) \(problem.fix[language.language])"
        }
    }

    func warn(_ problems: [Problem]) {
        for line in lines(problems.filter { $0.severity == .warning }) { Output.note("  - \(line)") }
    }

    /// Prints them and ends the command with EX_DATAERR.
    func refuse(_ type: String, _ problems: [Problem]) -> ExitCode {
        Output.note(
            language.say(
                "\(type) tidak disimpan, ada yang belum benar:", "\(type) was not saved, something is not right:"))
        for line in lines(problems) { Output.note("  - \(line)") }
        return ExitCode(EX_DATAERR)
    }
}
