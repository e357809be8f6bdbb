import Event

/// Why a file is not taken as a bundle, or not as a whole one.
public enum BundleError: Error, Sendable, Equatable, CustomStringConvertible {
    /// Not one of ours, or of a later version.
    case notABundle(String)
    /// The file ends before its seal: `frames` whole frames stand before the end.
    case cut(frames: Int64)
    /// The frames are not those that the seal is over, or something stands after it.
    case altered(String)
    /// Nobody known here signed it.
    case unknownMaker(NodeName, Epoch)
    case badSignature(NodeName)

    public var description: String {
        switch self {
        case .notABundle(let detail): "this is no bundle: \(detail)"
        case .cut(let frames): "the bundle is cut off: its seal is missing after \(frames) whole frames"
        case .altered(let detail): "the bundle was altered: \(detail)"
        case .unknownMaker(let node, let epoch): "the bundle is of \(node)/\(epoch), which is not known here"
        case .badSignature(let node): "the bundle says it is of \(node), and its seal is not signed by \(node)"
        }
    }
}
