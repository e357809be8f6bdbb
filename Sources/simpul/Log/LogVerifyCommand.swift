import ArgumentParser
import Event
import Foundation
import Node
import Store

struct LogVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify every log from its lines alone.",
        discussion: """
            Recomputes the trees and compares roots, checkpoints under their authors' enrolled keys, receipts of other
            nodes, and the intake log. Ends with 0 when all is sound, with 65 when something is not, and says what.
            The same is verified from outside by protocol/verify/simpul_verify.py store FOLDER.
            """)

    @OptionGroup var folder: FolderOption
    @OptionGroup var language: LanguageOption

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() throws {
        let node = try folder.open()
        defer { closeQuietly(node) }
        let report = try node.store.audit()
        if json { Output.result(Self.document(report)) } else { tell(report) }
        if !report.isSound { throw ExitCode(EX_DATAERR) }
    }

    private func tell(_ report: AuditReport) {
        let words = AuditWords(language: language)
        for damage in report.damage { Output.result("log.db: \(damage)") }
        for finding in report.findings { Output.result("\(finding.log): \(words.text(finding.fault))") }
        Output.result(
            language.say(
                "\(report.lines) baris dalam \(report.logs) log, \(report.checkpoints) tanda log, "
                    + "\(report.receipts) tanda terima diperiksa; \(report.findings.count + report.damage.count) salah.",
                "\(report.lines) lines in \(report.logs) logs, \(report.checkpoints) checkpoints, "
                    + "\(report.receipts) receipts verified; \(report.findings.count + report.damage.count) wrong."))
        guard !report.isSound else { return }
        Output.note(
            language.say(
                "Jangan hapus apa pun. Salin folder ini, lalu hubungi operator hub: isi yang sama ada di hub dan pusat.",
                "Remove nothing. Copy this folder, then call the operator of the hub: hub and centre hold the same lines."
            ))
    }

    private static func document(_ report: AuditReport) -> JSON {
        let english = AuditWords(language: LanguageOption.english)
        return .object([
            JSONMember("sound", .bool(report.isSound)), JSONMember("logs", .int(Int64(report.logs))),
            JSONMember("lines", .int(report.lines)), JSONMember("checkpoints", .int(Int64(report.checkpoints))),
            JSONMember("receipts", .int(Int64(report.receipts))),
            JSONMember("damage", .array(report.damage.map { .string($0) })),
            JSONMember(
                "findings",
                .array(
                    report.findings.map {
                        .object([
                            JSONMember("log", .string($0.log)), JSONMember("what", .string(english.text($0.fault))),
                        ])
                    })),
        ])
    }
}

/// What an audit found, in words.
struct AuditWords {
    let language: LanguageOption

    func text(_ fault: AuditFinding.Fault) -> String {
        switch fault {
        case .missing(let first, let last):
            language.say("baris \(first)–\(last) hilang", "lines \(first)–\(last) are missing")
        case .surplus(let first):
            language.say("ada baris mulai \(first) di luar log", "there are lines from \(first) on beyond the log")
        case .changed(let first, let last):
            language.say(
                "baris \(first)–\(last) bukan yang ditandatangani penulisnya",
                "lines \(first)–\(last) are not those that their author signed")
        case .rootDiffers:
            language.say("akar tersimpan tidak cocok dengan barisnya", "the stored root is not that of the lines")
        case .unknownAuthor:
            language.say("kunci penulisnya tidak dikenal di sini", "no enrolment here names its author's key")
        case .badCheckpoint(let size):
            language.say(
                "tanda log untuk \(size) baris tidak ditandatangani penulisnya",
                "the checkpoint of \(size) lines is not signed by the author")
        case .notConsistent(let size):
            language.say(
                "tanda log untuk \(size) baris tidak lanjutan dari barisnya",
                "the checkpoint of \(size) lines does not follow from the lines")
        case .badReceipt(let holder, let kind):
            language.say(
                "tanda terima \(kind) dari \(holder) tidak sah", "the receipt (\(kind)) of \(holder) is not good")
        case .notInIntake(let from):
            language.say("baris mulai \(from) tidak tercatat masuk", "lines from \(from) on are not in the intake log")
        }
    }
}
