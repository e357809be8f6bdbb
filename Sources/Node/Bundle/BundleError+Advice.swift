import Sync

extension NodeError {
    /// What is wrong with a bundle, in which file, and what to do.
    public init(_ error: BundleError, at path: String) {
        switch error {
        case .notABundle, .altered:
            self.init(
                .badInput, "\(path): \(error)",
                advice: "nothing was taken; ask for another copy, on another stick if it happens again")
        case .cut(let frames):
            self.init(
                .badInput, "\(path): \(error)",
                advice: frames > 1
                    ? "nothing was taken; import with --partial what is whole, or ask for another copy"
                    : "nothing was taken; ask for another copy")
        case .unknownMaker:
            self.init(
                .notTrusted, "\(path): \(error)",
                advice:
                    "nothing was taken; if it is of a neighbour, sync with the hub first, or import the hub's bundle")
        case .badSignature:
            self.init(
                .notTrusted, "\(path): \(error)",
                advice: "nothing was taken; tell the operator of the hub who gave it to you")
        }
    }
}
