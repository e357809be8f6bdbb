import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request takes too long as a whole, however steadily its bytes trickle in or out.
///
/// The idle timeout alone is refreshed by each byte, and does not run while an answer waits to be read.
package final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPRequestPart
    package typealias InboundOut = HTTPRequestPart
    package typealias OutboundIn = HTTPResponsePart
    package typealias OutboundOut = HTTPResponsePart

    package struct Limits: Sendable {
        /// From the connection until the first request's head is here, TLS included.
        package var head = TimeAmount.seconds(30)
        /// From a request's head until its answer has gone out.
        package var request = TimeAmount.minutes(16)
        /// For what still comes of a request that was answered before it was read.
        package var rest = TimeAmount.seconds(30)

        package init() {}
    }

    private let limits: Limits
    private var timer: Scheduled<Void>?
    private var isReading = false
    private var isAnswering = false

    init(limits: Limits) { self.limits = limits }

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { close(context, in: limits.head) }
    }

    package func channelActive(context: ChannelHandlerContext) {
        close(context, in: limits.head)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    package func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isReading = true
            isAnswering = true
            close(context, in: limits.request)
        case .body: break
        case .end:
            isReading = false
            if !isAnswering { timer?.cancel() }
        }
        context.fireChannelRead(data)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            isAnswering = false
            // An idle connection is the idle timeout's to close.
            if isReading { close(context, in: limits.rest) } else { timer?.cancel() }
        }
        context.write(data, promise: promise)
    }

    private func close(_ context: ChannelHandlerContext, in span: TimeAmount) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: span) { channel.close(promise: nil) }
    }
}
