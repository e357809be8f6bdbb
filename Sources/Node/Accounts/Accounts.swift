import Catalogue
import Event
import Foundation
import Logging
import Synchronization

/// The people who may open the pages of a node, in the private file `accounts.json`.
///
/// The file is read at every use and changed under a lock, so that `simpul account add` works beside a running
/// server. Calls block: scrypt takes about a tenth of a second on purpose.
public final class Accounts: Sendable {
    struct File: Codable {
        var format = 1
        var accounts: [Account] = []
        /// Wrong tries at names that nobody has, by a digest of the name: they must not be told from names that
        /// somebody has by never having to wait.
        var strangers: [String: WrongSecrets]?
    }

    /// What a try to sign in came to.
    public enum Verdict: Sendable, Hashable {
        case welcome(Account)
        /// Unknown name, wrong secret or switched off: one answer for all.
        case wrong
        /// Too many wrong tries; the next one is looked at in so many seconds.
        case wait(seconds: Int)
    }

    public let rule: SecretRule
    let folder: NodeFolder
    let cost: SecretHash.Cost
    let now: @Sendable () -> Date
    let logger: Logger?
    /// One password is hashed at a time: it costs 32 MiB and a tenth of a second.
    let turns = Turns(waiting: 8)
    private let ownRegion: RegionCode
    private let known = Mutex<(stamp: FileStamp, file: File)?>(nil)

    /// - Parameters:
    ///   - rule: `.pin` on a village's laptop, `.password` on a server.
    ///   - logger: told of every try to sign in, by pseudonym.
    public convenience init(
        folder: NodeFolder, region: RegionCode, rule: SecretRule, now: @escaping @Sendable () -> Date = { Date() },
        logger: Logger? = nil
    ) {
        self.init(folder: folder, region: region, rule: rule, cost: .usual, now: now, logger: logger)
    }

    init(
        folder: NodeFolder, region: RegionCode, rule: SecretRule, cost: SecretHash.Cost,
        now: @escaping @Sendable () -> Date, logger: Logger? = nil
    ) {
        self.logger = logger
        self.folder = folder
        ownRegion = region
        self.rule = rule
        self.cost = cost
        self.now = now
    }

    /// Everyone, in the order in which they were added.
    public func list() throws -> [Account] { try load().accounts }

    /// Adds a person.
    ///
    /// - Parameters:
    ///   - region: what they may see; nil: all that the node has.
    ///   - actor: their pseudonym in lines; nil makes a random one.
    ///   - isVillageOfficial: has an office in the village beside the role here.
    ///   - mustBeFirst: refuses when somebody has an account already, also one who was faster just now.
    @discardableResult
    public func add(
        name: String, secret: String, role: String, region: RegionCode? = nil, actor: String? = nil,
        isVillageOfficial: Bool = false, mustBeFirst: Bool = false
    ) throws -> Account {
        let name = name.trimmingCharacters(in: .whitespaces)
        guard (1...60).contains(name.count) else {
            throw NodeError(.badInput, "a name has 1 to 60 characters", advice: "use the name colleagues call them by")
        }
        if let problem = rule.problem(with: secret, name: name) {
            throw NodeError(.badInput, problem.en, advice: "nothing was saved; try again")
        }
        let region = region ?? ownRegion
        guard region.isAtOrBelow(ownRegion) else {
            throw NodeError(
                .badInput, "this node has no data of \(region)", advice: "give \(ownRegion) or a region in it")
        }
        let account = Account(
            name: name, actor: actor ?? Self.pseudonym(for: role), role: role, region: region.description,
            isVillageOfficial: isVillageOfficial ? true : nil, secret: try SecretHash(secret, cost: cost))
        try change { file in
            guard !mustBeFirst || file.accounts.isEmpty else {
                throw NodeError(.exists, "there is an account already", advice: "sign in with it")
            }
            guard !file.accounts.contains(where: { Self.isSame($0.name, name) }) else {
                throw NodeError(.exists, "there is an account called \(name)", advice: "choose another name")
            }
            file.accounts.append(account)
        }
        return account
    }

    /// Seconds of the longest pause after wrong tries.
    static let longestPause = 900.0

    /// Seconds to wait after so many wrong tries in a row: none for the first two, then doubling up to a quarter of an
    /// hour. Ten thousand PINs would take a hundred days.
    static func pause(after failures: Int) -> Double? {
        guard failures > 2 else { return nil }
        return min(longestPause, 5 * pow(2, Double(failures - 3)))
    }

    private static func pseudonym(for role: String) -> String {
        let letters = role.split(separator: "_").compactMap(\.first).prefix(3)
        return "\(String(letters))-\(String(format: "%08x", UInt32.random(in: .min ... .max)))"
    }

    /// Names are compared without regard to case, as people type them.
    static func isSame(_ left: String, _ right: String) -> Bool {
        left.lowercased().utf8.elementsEqual(right.trimmingCharacters(in: .whitespaces).lowercased().utf8)
    }
}

extension Accounts {
    /// The file as it is now; read again only when it was changed.
    func load() throws -> File {
        let stamp = FileStamp(folder.accounts)
        if let stamp, let known = known.withLock({ $0 }), known.stamp == stamp { return known.file }
        let file = try read()
        if let stamp { known.withLock { $0 = (stamp, file) } }
        return file
    }

    private func read() throws -> File {
        guard let data = FileManager.default.contents(atPath: folder.accounts) else { return File() }
        do {
            let file = try JSONDecoder().decode(File.self, from: data)
            guard file.format == 1 else {
                throw NodeError(
                    .newerFormat, "\(folder.accounts) has format \(file.format), this program knows 1",
                    advice: "install the newer simpul")
            }
            return file
        } catch let error as DecodingError {
            throw NodeError(
                .damaged, "\(folder.accounts) cannot be read: \(error)",
                advice: "restore it from a copy, or remove it and add the accounts again")
        }
    }

    func change(_ body: (inout File) throws -> Void) throws {
        let lock = try FileLock(path: folder.accounts + ".lock")
        defer { lock.release() }
        var file = try read()
        try body(&file)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try NodeFolder.write(try encoder.encode(file), to: folder.accounts)
    }
}
