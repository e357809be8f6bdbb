import Event

/// The first record of a bundle: who made it, for which region, and when by the maker's clock
/// (`protocol/09-bundles.md`).
public struct BundleHeader: Sendable, Hashable {
    public let node: NodeName
    public let epoch: Epoch
    /// The node it is made for; others may read from it what is in their scope.
    public let recipient: NodeName
    /// The recipient's region: nothing outside its scope is in the bundle.
    public let region: RegionCode
    /// RFC 3339. Told to people; nothing is decided by it.
    public let made: String

    public init(node: NodeName, epoch: Epoch, recipient: NodeName, region: RegionCode, made: String) {
        self.node = node
        self.epoch = epoch
        self.recipient = recipient
        self.region = region
        self.made = made
    }

    var json: JSON {
        .object([
            JSONMember("bundle", .int(1)),
            JSONMember("node", .string(node.description)),
            JSONMember("epoch", .string(epoch.description)),
            JSONMember("for", .string(recipient.description)),
            JSONMember("region", .string(region.description)),
            JSONMember("made", .string(made)),
        ])
    }

    /// - Throws: `FrameError` `.malformed` where the record is no header of version 1.
    init(json: JSON) throws(FrameError) {
        guard json["bundle"]?.intValue == 1 else {
            throw FrameError(.malformed, "the file does not start as a bundle of version 1 does")
        }
        guard let node = json["node"]?.stringValue.flatMap({ try? NodeName($0) }),
            let epoch = json["epoch"]?.stringValue.flatMap({ try? Epoch($0) }),
            let recipient = json["for"]?.stringValue.flatMap({ try? NodeName($0) }),
            let region = json["region"]?.stringValue.flatMap({ try? RegionCode($0) }),
            let made = json["made"]?.stringValue, made.utf8.count <= 64
        else { throw FrameError(.malformed, "the bundle's first record lacks a member or has one of another form") }
        self.init(node: node, epoch: epoch, recipient: recipient, region: region, made: made)
    }
}
