import NIOCore
import Synchronization

/// Connections at once, in all and from one source; those above are closed before they cost anything.
package final class ConnectionLimit: Sendable {
    private struct Open {
        var all = 0
        var bySource: [RequestSource: Int] = [:]
    }

    private let open = Mutex(Open())
    private let all: Int
    private let each: Int

    package init(all: Int = 2_048, each: Int = 256) {
        self.all = all
        self.each = each
    }

    /// The handler of one connection.
    func handler() -> Handler { Handler(self) }

    private func enter(_ source: RequestSource?) -> Bool {
        open.withLock { open in
            guard open.all < all else { return false }
            if let source {
                let own = open.bySource[source] ?? 0
                guard own < each else { return false }
                open.bySource[source] = own + 1
            }
            open.all += 1
            return true
        }
    }

    private func leave(_ source: RequestSource?) {
        open.withLock { open in
            open.all -= 1
            guard let source else { return }
            let own = (open.bySource[source] ?? 1) - 1
            open.bySource[source] = own > 0 ? own : nil
        }
    }

    final class Handler: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = Any

        private let limit: ConnectionLimit
        private var source: RequestSource?
        private var isInside = false

        fileprivate init(_ limit: ConnectionLimit) { self.limit = limit }

        func handlerAdded(context: ChannelHandlerContext) {
            if context.channel.isActive { arrive(context) }
        }

        func channelActive(context: ChannelHandlerContext) {
            arrive(context)
            context.fireChannelActive()
        }

        func channelInactive(context: ChannelHandlerContext) {
            depart()
            context.fireChannelInactive()
        }

        func handlerRemoved(context: ChannelHandlerContext) { depart() }

        private func arrive(_ context: ChannelHandlerContext) {
            guard !isInside else { return }
            source = RequestSource(context.channel.remoteAddress)
            isInside = limit.enter(source)
            if !isInside { context.channel.close(promise: nil) }
        }

        private func depart() {
            if isInside { limit.leave(source) }
            isInside = false
        }
    }
}
