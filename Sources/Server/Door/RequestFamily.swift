import HTTPTypes
import Node
import Sync

/// What a request is about, by its path: each family has methods, content types and limits of its own.
enum RequestFamily: String, Sendable, CaseIterable {
    case sync, enrolment, attachment, query, asset, page

    init(path: String) {
        self =
            switch path {
            case "/sync/v1": .sync
            case "/enrol/v1": .enrolment
            case _ where path.hasPrefix("/attachments/"): .attachment
            case _ where path.hasPrefix("/q/"): .query
            case _ where path.hasPrefix("/aset/"): .asset
            default: .page
            }
    }

    var methods: [HTTPRequest.Method] {
        switch self {
        case .sync, .enrolment: [.post]
        case .query, .asset: [.get]
        case .attachment, .page: [.get, .post]
        }
    }

    /// What a posted body is; anything else is refused before it is read.
    var contentType: String? {
        switch self {
        case .sync: SyncEndpoint.contentType
        case .enrolment: "application/json"
        case .attachment: AttachmentExchange.contentType
        case .page: "application/x-www-form-urlencoded"
        case .query, .asset: nil
        }
    }

    /// Bytes of a body at most, where it says its length. The readers count again what comes.
    var maximumBytes: Int64 {
        switch self {
        case .sync: Int64(Limits.requestBytes)
        case .enrolment: Int64(EnrolEndpoint.maximumBytes)
        case .attachment: Int64(AttachmentEndpoint.maximumBytes)
        case .page: Int64(FormBody.maximumBytes)
        case .query, .asset: 65_536
        }
    }

    /// How often one source may ask. Behind one address there may be a whole office, or many villages.
    var pace: RateLimit.Pace {
        switch self {
        case .sync, .attachment: .init(burst: 600, perSecond: 20)
        case .enrolment: .init(burst: 20, perSecond: 0.2)
        case .query: .init(burst: 200, perSecond: 50)
        case .asset, .page: .init(burst: 300, perSecond: 30)
        }
    }
}
