import Crypto
import Event
import Foundation

/// The encrypted member `personal` of a payload (`protocol/06-personal-data.md`).
public enum PersonalBox {
    /// Encrypts identifying members under a person's key.
    public static func seal(
        _ personal: JSON, type: String, subject: String, keyName: String, key: SymmetricKey
    ) throws -> JSON {
        let sealed = try AES.GCM.seal(
            personal.encoded(), using: key, authenticating: associated(type, subject, keyName))
        guard let box = sealed.combined else {
            throw NodeError(.damaged, "AES-GCM gave no combined box", advice: "report this defect")
        }
        return .object([
            JSONMember("key", .string(keyName)), JSONMember("box", .string(box.base64EncodedString())),
        ])
    }

    /// What became of a box on this node.
    public enum Content: Sendable {
        case opened(JSON)
        case unreadable(Unreadable)
    }

    /// The members, or why they cannot be shown. Tampered with or mis-keyed is one of the reasons: the other fields of
    /// the record still count.
    ///
    /// - Throws: `NodeError` `.locked` while the node is locked; when the keys cannot be read at all.
    public static func read(_ box: JSON, type: String, subject: String, keyring: PersonKeyring) throws -> Content {
        let standing: PersonKeyring.Standing?
        do {
            standing = try box["key"]?.stringValue.map(keyring.standing)
        } catch let error as NodeError where error.kind == .damaged {
            // The key itself does not open under this node's master key.
            return .unreadable(.damaged)
        }
        switch standing {
        case .missing: return .unreadable(.noKey)
        case .erased: return .unreadable(.erased)
        case nil: return .unreadable(.damaged)
        case .held(let key):
            guard let opened = try? unseal(box, type: type, subject: subject, key: key) else {
                return .unreadable(.damaged)
            }
            return .opened(opened)
        }
    }

    /// The members, or nil when the node does not hold the key, or it was erased.
    ///
    /// - Throws: when the key is held and the box does not open under it.
    public static func open(_ box: JSON, type: String, subject: String, keyring: PersonKeyring) throws -> JSON? {
        guard let name = box["key"]?.stringValue, let key = try keyring.key(named: name) else { return nil }
        return try unseal(box, type: type, subject: subject, key: key)
    }

    private static func unseal(_ box: JSON, type: String, subject: String, key: SymmetricKey) throws -> JSON {
        guard let name = box["key"]?.stringValue, let text = box["box"]?.stringValue,
            let combined = Data(base64Encoded: text)
        else { throw NodeError(.badInput, "a personal member without key or box", advice: "tell the author's node") }
        let sealed = try AES.GCM.SealedBox(combined: combined)
        let opened = try AES.GCM.open(sealed, using: key, authenticating: associated(type, subject, name))
        return try JSON.parse(opened)
    }

    private static func associated(_ type: String, _ subject: String, _ key: String) -> Data {
        Data("\(type)\n\(subject)\n\(key)".utf8)
    }
}
