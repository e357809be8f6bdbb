import Catalogue
import Event
import Foundation
import Store

/// A state of this node that its user should know of, with what to do about it: `simpul status` and the first page show
/// the same ones. What is as it should be has none.
public struct NodeCondition: Sendable, Hashable {
    /// One way not to be as usual. The raw values stand in `simpul status --json` and stay what they are.
    public enum Code: String, Sendable, CaseIterable {
        // Contact with the node above.
        case neverSynced = "never-synced"
        case silent = "no-sync-for-long"
        case noLine = "no-line"
        case serverOff = "server-off"
        case lineCut = "line-cut"
        case loginPage = "login-page"
        case certificate
        case certificateDate = "certificate-date"
        case serverBusy = "server-busy"
        case serverFull = "server-full"
        case revoked
        case refused
        case syncFailed = "sync-failed"
        case recordsHeld = "records-held"
        // The clock.
        case clockWrong = "clock-wrong"
        case clockChanged = "clock-changed"
        // Keys.
        case locked
        case keyNotDeposited = "key-not-deposited"
        // The disk and what is on it.
        case diskLow = "disk-low"
        case diskFull = "disk-full"
        case attachmentsWaiting = "attachments-waiting"
        case attachmentsRefused = "attachments-refused"
        case modelsBehind = "models-behind"
        case modelsDamaged = "models-damaged"
        // Erasures.
        case erasureRequested = "erasure-requested"
        case erasureDue = "erasure-due"
        case erasureOverdue = "erasure-overdue"
        // Copies and restores.
        case copied
        case holding
        case twoMachines = "two-machines"
        case newEpoch = "new-epoch"
        case fork
        case receiptWentBack = "receipt-went-back"
        case restoreOverride = "restore-override"
        case clockAhead = "clock-ahead"
        case foreignName = "foreign-name"
        case earlyDiffers = "early-differs"
        /// An alarm that this program has no words for.
        case other
    }

    public let code: Code
    /// RFC 3339; nil where nobody noted it.
    public let since: String?
    /// A node, a log, a model; empty for this node itself.
    public let about: String
    /// Whose state it is: some words differ for a village.
    public let role: Enrolment.Role
    /// What stands in the sentences.
    let values: [String: LocalizedText]

    init(
        _ code: Code, at role: Enrolment.Role, since: String? = nil, about: String = "",
        _ values: [String: LocalizedText] = [:]
    ) {
        self.code = code
        self.role = role
        self.since = since
        self.about = about
        self.values = values
    }

    /// Whether somebody has to do something before it gets better.
    public var isUrgent: Bool {
        switch code {
        case .neverSynced, .noLine, .serverOff, .lineCut, .loginPage, .serverBusy, .serverFull, .syncFailed,
            .recordsHeld, .keyNotDeposited, .attachmentsWaiting, .modelsBehind, .erasureDue, .receiptWentBack,
            .restoreOverride, .clockChanged, .diskLow:
            false
        case .silent, .certificate, .certificateDate, .revoked, .refused, .clockWrong, .locked, .diskFull,
            .attachmentsRefused, .modelsDamaged, .erasureRequested, .erasureOverdue, .copied, .holding, .twoMachines,
            .newEpoch, .fork, .clockAhead, .foreignName, .earlyDiffers, .other:
            true
        }
    }

    /// Two lines: what is so, then what to do, indented under it.
    ///
    /// - Parameter when: since when it is so, as the reader's place writes it.
    public func lines(_ language: Language, since when: String?) -> [String] {
        let since = when.map { " (\($0))" } ?? ""
        return ["\(isUrgent ? "!" : "-") \(what[language])\(since)", "  → \(next[language])"]
    }

    /// Whether it tells of something that another laptop or server did.
    public var isAlarm: Bool {
        switch code {
        case .twoMachines, .newEpoch, .fork, .receiptWentBack, .restoreOverride, .clockAhead, .foreignName,
            .earlyDiffers, .other:
            true
        default: false
        }
    }
}

extension LocalizedText {
    /// The same in both languages: a name, a number.
    static func both(_ text: some CustomStringConvertible) -> LocalizedText {
        LocalizedText(id: text.description, en: text.description)
    }
}
