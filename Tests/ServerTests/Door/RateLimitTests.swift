import NIOCore
import Synchronization
import Testing

@testable import Server

/// The counters at the door, with a clock that the test moves.
@Suite struct RateLimitTests {
    private final class Clock: Sendable {
        private let moment = Mutex(1_000.0)
        var now: @Sendable () -> Double { { [self] in moment.withLock { $0 } } }
        func pass(_ seconds: Double) { moment.withLock { $0 += seconds } }
    }

    private let clock = Clock()
    private let one = RequestSource("192.0.2.1")
    private let other = RequestSource("192.0.2.2")

    @Test func `a source may ask in a burst and then at its pace, and does not use up another's`() {
        let limit = RateLimit(.init(burst: 3, perSecond: 0.5), now: clock.now)
        for _ in 0..<3 { #expect(limit.take(one) == nil) }
        #expect(limit.take(one) == 2)
        #expect(limit.take(other) == nil)
        clock.pass(2)
        #expect(limit.take(one) == nil)
        #expect(limit.take(one) == 2)
    }

    @Test func `ever new sources do not fill the memory, and the known ones keep their pace`() {
        let limit = RateLimit(.init(burst: 1, perSecond: 0.001), now: clock.now)
        #expect(limit.take(one) == nil)
        for number in 0..<(2 * RateLimit.capacity) { _ = limit.take(RequestSource("source-\(number)")) }
        #expect(limit.take(one) != nil)
        #expect(limit.take(RequestSource("late")) != nil, "whoever is not known shares one bucket")
    }

    @Test func `a source of many wrong tries waits, each time longer, up to a quarter of an hour`() {
        let tries = WrongTries(now: clock.now)
        for _ in 0..<WrongTries.free { tries.add(one) }
        #expect(tries.pause(one) == nil)
        var pauses: [Int?] = []
        for _ in 0..<10 {
            tries.add(one)
            pauses.append(tries.pause(one))
            clock.pass(Double(tries.pause(one) ?? 0))
        }
        #expect(pauses == [5, 10, 20, 40, 80, 160, 320, 640, 900, 900])
        #expect(tries.pause(other) == nil)
        clock.pass(WrongTries.memory + 1)
        tries.add(one)
        #expect(tries.pause(one) == nil)
    }

    @Test func `one source does not take all places`() {
        let turnstile = Turnstile(all: 3, each: 2)
        #expect(turnstile.enter(one))
        #expect(turnstile.enter(one))
        #expect(!turnstile.enter(one))
        #expect(turnstile.enter(other))
        #expect(!turnstile.enter(other))
        turnstile.leave(one)
        #expect(turnstile.enter(other))
    }

    @Test func `addresses of one household are one source`() throws {
        let source = { RequestSource(try SocketAddress(ipAddress: $0, port: 1))?.description }
        #expect(try source("192.0.2.7") == "192.0.2.7")
        #expect(try source("::ffff:192.0.2.7") == "192.0.2.7")
        let household = try source("2001:db8:1:2::9")
        #expect(try source("2001:db8:1:2:3:4:5:6") == household)
        #expect(try source("2001:db8:1:3::9") != household)
        #expect(RequestSource(nil) == nil)
    }
}
