import Foundation

/// Everything the program knows about the domain, read from files: event types, code lists, risk rules, read
/// models.
///
/// The program itself knows no event type by name. A type, list, rule set or model is installed by putting
/// its file into a folder.
public struct Catalogue: Sendable {
    /// The newest version of each type, by name.
    public let types: [String: EventType]
    /// Every version of each type, by name and version.
    public let versions: [String: [Int: EventType]]
    public let codeLists: [String: CodeList]
    /// The newest risk rules.
    public let riskRules: RiskRules
    /// All risk rules by version: a screening is recomputed under the version that it names.
    public let riskRulesByVersion: [String: RiskRules]
    /// SQL files of the read models, in order of file name; a later folder's file of the same name wins.
    public let modelFiles: [URL]
    /// Who may see what; a later folder's file replaces the whole of it.
    public let access: AccessPolicy
}
