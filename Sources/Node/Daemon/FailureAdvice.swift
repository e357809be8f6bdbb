import Transport

/// What an error means for the next try.
struct FailureAdvice: Equatable {
    let isWorthRetrying: Bool
    var retryAfter: Duration?

    init(_ error: any Error) {
        switch error {
        case let error as TransportError:
            isWorthRetrying = error.isWorthRetrying
            retryAfter = error.retryAfter
        case let error as NodeError: isWorthRetrying = FailureAdvice.mayPass(error.kind)
        // A full disk is emptied, a lock is let go of.
        default: isWorthRetrying = true
        }
    }

    private static func mayPass(_ kind: NodeError.Kind) -> Bool {
        switch kind {
        case .unreachable, .cannotWrite, .wait: true
        case .notANode, .exists, .badInput, .missing, .refused, .notTrusted, .locked, .denied, .newerFormat, .damaged:
            false
        }
    }
}
