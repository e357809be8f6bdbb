import Hummingbird
import NIOCore

/// The context of a request that knows where it came from, for limits by source.
public struct Visit: RequestContext, RemoteAddressRequestContext {
    public var coreContext: CoreRequestContextStorage
    /// The other end of the connection. Headers that name another (`X-Forwarded-For`) are not looked at: whoever
    /// asks could write them.
    public let remoteAddress: SocketAddress?

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }
}
