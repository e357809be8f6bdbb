import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Node

@Suite(.timeLimit(.minutes(5))) struct BlockingTests {
    @Test func `work stands still on threads of its own, not on those that tasks run on`() async throws {
        let name = try await Blocking(label: "test.blocking").run {
            try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }
        // What libdispatch calls the threads of serial queues; those that it shares with tasks have no such end.
        #expect(name.hasSuffix("overcommit"), "\(name)")
    }

    @Test func `beyond its width work waits its turn, first come first`() async throws {
        let blocking = Blocking(label: "test.blocking", width: 1)
        let standing = DispatchSemaphore(value: 0)
        let order = Mutex<[Int]>([])
        blocking.submit { standing.wait() }
        for number in 1...3 { blocking.submit { order.withLock { $0.append(number) } } }
        standing.signal()
        try await blocking.run {}
        #expect(order.withLock { $0 } == [1, 2, 3])
    }

    @Test func `what a body throws is thrown to who waits for it`() async throws {
        struct Broken: Error {}
        let blocking = Blocking(label: "test.blocking")
        await #expect(throws: Broken.self) { try await blocking.run { throw Broken() } }
    }
}
