import Store
import Sync
import Transport

extension NodeCondition.Code {
    /// What an error of a sync is called. `PeerMemory` keeps it; what is said of it is found when it is shown.
    init(syncFailure error: any Error) {
        switch error {
        case let error as TransportError: self.init(error.kind)
        case let error as NodeError: self.init(error)
        case StoreError.diskFull: self = .diskFull
        default: self = .syncFailed
        }
    }

    private init(_ kind: TransportError.Kind) {
        switch kind {
        case .resolveFailed, .unreachable: self = .noLine
        case .refused: self = .serverOff
        case .timedOut, .cut, .cancelled: self = .lineCut
        case .redirect, .unexpectedContent, .malformedAnswer, .proxyFailed: self = .loginPage
        case .tls(.expired), .tls(.notYetValid): self = .certificateDate
        case .tls(.unknownAuthority), .tls(.wrongHost), .tls(.wrongPin), .tls(.other): self = .certificate
        case .status(let answer):
            self = [429, 502, 503, 504].contains(answer.head.status) ? .serverBusy : .syncFailed
        case .tls(.authorityFile), .invalidAddress, .invalidRequest, .plainRefused, .tooLarge, .library:
            self = .syncFailed
        }
    }

    private init(_ error: NodeError) {
        switch (error.code, error.kind) {
        case ("revoked-node", _): self = .revoked
        case (RefusalCode.diskFull.rawValue, _): self = .serverFull
        case (_, .refused): self = .refused
        case (_, .unreachable): self = .lineCut
        default: self = .syncFailed
        }
    }
}
