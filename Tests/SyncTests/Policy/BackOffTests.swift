import Testing

@testable import Sync

@Suite struct `Back-off` {
    private let backOff = BackOff(base: .seconds(2), cap: .seconds(60), floor: .seconds(1))

    @Test(arguments: [(0, 2), (1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 60), (7, 60), (1_000_000, 60)])
    func `spans double up to the cap`(failures: Int, seconds: Int) {
        #expect(backOff.span(failures: failures) == .seconds(seconds))
    }

    @Test func `waits are any part of the span, but never nothing`() {
        var none = Fixed.none
        var half = Fixed.half
        #expect(backOff.delay(failures: 5, using: &none) == .seconds(1))
        #expect(backOff.delay(failures: 5, using: &half) == .seconds(16))
    }

    @Test func `waits fill their span evenly`() {
        var seeded = Seeded(7)
        let waits = (0..<4_000).map { _ in backOff.delay(failures: 6, using: &seeded) }
        let quarters = waits.reduce(into: [0, 0, 0, 0]) { $0[min(3, Int($1 / .seconds(15)))] += 1 }
        #expect(quarters.allSatisfy { (900...1_100).contains($0) })
        #expect(waits.allSatisfy { (.seconds(1)...Duration.seconds(60)).contains($0) })
    }

    @Test(arguments: [(30, 30, 31), (0, 1, 1), (-5, 1, 1), (3_600, 3_600, 3_601)])
    func `what the server asks for is a minimum, and chance comes on top`(asked: Int, least: Int, half: Int) {
        var none = Fixed.none
        var some = Fixed.half
        #expect(backOff.delay(failures: 1, retryAfter: .seconds(asked), using: &none) == .seconds(least))
        #expect(backOff.delay(failures: 1, retryAfter: .seconds(asked), using: &some) == .seconds(half))
    }
}
