import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes a connection whose request takes too long as a whole, however steadily its bytes trickle in or out.
///
/// The idle timeout alone is refreshed by each byte, and does not run while an answer waits to be read.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        /// From the connection until the first request's head is here, TLS included.
        var head = TimeAmount.seconds(30)
        /// From a request's head until its answer has gone out.
        var request = TimeAmount.minutes(16)
        /// For what still comes of a request that was answered before it was read.
        var rest = TimeAmount.seconds(30)
    }

    private let limits: Limits
    private var timer: Scheduled<Void>?
    private var isReading = false
    private var isAnswering = false

    init(limits: Limits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { close(context, in: limits.head) }
    }

    func channelActive(context: ChannelHandlerContext) {
        close(context, in: limits.head)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
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

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
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
