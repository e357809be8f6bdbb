/// What went wrong with the read models, where, and what to do.
public enum ReadModelError: Error, Hashable, Sendable {
    /// `models.db` cannot be opened or used.
    case unusable(path: String, reason: String)
    /// `models.db` was written by a newer program.
    case newerSchema(path: String, found: Int, known: Int)
    /// Another process is the writer of `models.db`.
    case locked(path: String)
    case unknownModel(String, known: [String])
    /// The model could not be kept up; its rows would be wrong.
    case notKept(model: String, reason: String)
    /// The role sees nothing of what the model is about.
    case notAllowed(model: String, role: String)
    /// The region is not the reader's.
    case outOfScope(region: String, own: String)
    case unknownColumn(model: String, column: String, known: [String])
    case badFilter(String, reason: String)
    /// `cursor` is not one that this model's answers gave out.
    case badCursor(String)
    case badDay(String)
    /// The model cannot be counted by another edition of region codes.
    case noEdition(model: String, reason: String)
    /// A cut beyond what the read models have read.
    case notYetKnown(cut: Int64, newest: Int64)
    /// SQLite refused a statement.
    case failed(what: String, reason: String)
    /// The intake does not continue where the read models stand, e.g. after a restore from an older copy.
    case intakeShrank(cut: Int64, intake: Int64)
}

extension ReadModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unusable(let path, let reason):
            "The read models in \(path) cannot be used: \(reason). They hold nothing of their own: the file can be "
                + "deleted, and is then built again from the logs."
        case .newerSchema(let path, let found, let known):
            "The read models in \(path) have format \(found); this program knows up to \(known). Run the newer "
                + "program, or delete the file: it is then built again from the logs."
        case .locked(let path):
            "Another process is keeping the read models in \(path). Stop it first, or only query."
        case .unknownModel(let name, let known):
            "There is no model “\(name)”. The models are: \(known.joined(separator: ", "))."
        case .notKept(let model, let reason):
            "The model \(model) could not be kept up (\(reason)) and answers no more. Correct its file, then restart: it "
                + "is then built anew."
        case .notAllowed(let model, let role):
            "The model \(model) is not for the role \(role)."
        case .outOfScope(let region, let own):
            "You may see \(own) and all in it; \(region) is outside."
        case .unknownColumn(let model, let column, let known):
            "The model \(model) has no column “\(column)”. Its columns are: \(known.joined(separator: ", "))."
        case .badFilter(let text, let reason):
            "The filter “\(text)” cannot be understood: \(reason). Write COLUMN=VALUE, or !=, <, <=, >, >=, ^= "
                + "(starts with) in place of =; several values are separated by commas: band=high,critical."
        case .badCursor(let text):
            "“\(text)” is not the start of a page of this answer. Ask again without it."
        case .badDay(let text): "“\(text)” is not a day. Write it as 2026-08-14."
        case .noEdition(let model, let reason):
            "The model \(model) cannot be counted by another edition of region codes: \(reason). Ask without --edition."
        case .notYetKnown(let cut, let newest):
            "Cut \(cut) has not been read yet; the newest cut is \(newest)."
        case .failed(let what, let reason): "\(what) failed: \(reason)."
        case .intakeShrank(let cut, let intake):
            "The read models stand at cut \(cut), but the intake log has only \(intake) lines: the store was put back "
                + "to an older state. Rebuild the read models."
        }
    }
}
