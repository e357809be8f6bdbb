/// One append-only log with one writer, such as `lontar-a/36.04.13.2007:main/9f2c44d0a1b2c3d4`.
public struct LogName: Hashable, Sendable {
    public let node: NodeName
    public let audience: Audience
    public let lane: Lane
    public let epoch: Epoch

    public init(node: NodeName, audience: Audience, lane: Lane, epoch: Epoch) {
        self.node = node
        self.audience = audience
        self.lane = lane
        self.epoch = epoch
    }

    public init(_ text: String) throws(NameError) {
        // The longest name: node 40, audience 13, lane 12, epoch 16 and three separators.
        guard text.utf8.count <= 84 else { throw NameError(.log, text) }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw NameError(.log, text) }
        let middle = parts[1].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard middle.count == 2 else { throw NameError(.log, text) }
        do {
            node = try NodeName(String(Substring(parts[0])))
            audience = try Audience(String(Substring(middle[0])))
            lane = try Lane(String(Substring(middle[1])))
            epoch = try Epoch(String(Substring(parts[2])))
        } catch {
            throw NameError(.log, text)
        }
    }

    /// Whether a node of a region exchanges this log with its parent.
    public func inScope(of region: RegionCode) -> Bool { audience.isInScope(of: region) }
}

extension LogName: CustomStringConvertible {
    public var description: String { "\(node)/\(audience):\(lane)/\(epoch)" }
}

extension LogName: Comparable {
    /// The order of the names' bytes.
    public static func < (left: LogName, right: LogName) -> Bool { left.description < right.description }
}
