import Dispatch
import Event
import Foundation
import Store
import Synchronization
import TestKit
import Testing

/// Two stores on one folder, as a recorder and a daemon of one laptop are: each with its own lock file descriptor, as
/// two processes have.
@Suite struct TwoWritersTests {
    @Test func linesOfTwoWritersAreGaplessAndNoneIsLost() async throws {
        let test = try TestStore()
        let log = test.signer.log(.region(test.region), lane: .main)
        let journal = Journal()
        let stores = [test.store, try LogStore(folder: test.folder.path, signer: test.signer)]
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                let store = stores[thread % 2]
                group.addTask { await onThread { journal.write(25, to: log, of: store, thread: thread) } }
            }
        }
        #expect(journal.failures.isEmpty)
        #expect(Set(journal.lines.map(\.reference.sequence)) == Set(0..<100))
        for line in journal.lines { #expect(try test.store.line(log, line.reference.sequence) == line.bytes) }
        #expect(try test.store.audit().isSound)
    }

    @Test func aWriterWithoutPauseDoesNotKeepAnotherOut() async throws {
        let test = try TestStore()
        let log = test.signer.log(.region(test.region), lane: .main)
        let (busy, other) = (test.store, try LogStore(folder: test.folder.path, signer: test.signer))
        let journal = Journal()
        async let writing: Void = onThread { while !journal.isOver { journal.write(1, to: log, of: busy, thread: 0) } }
        let waits = await onThread {
            (0..<20).map { _ in
                let start = ContinuousClock.now
                journal.write(1, to: log, of: other, thread: 1)
                return start.duration(to: .now)
            }
        }
        journal.isOver = true
        await writing
        #expect(journal.failures.isEmpty)
        #expect(waits.sorted()[10] < .milliseconds(500), "a form waited \(waits.sorted()[10])")
    }

    @Test func aLockThatIsNotGivenBackIsNamed() throws {
        let test = try TestStore()
        let holder = open(test.folder.file("log.lock"), O_RDWR)
        defer { close(holder) }
        #expect(flock(holder, LOCK_EX) == 0)
        let child = try Process.run(URL(filePath: "/bin/true"), arguments: [])
        child.waitUntilExit()
        #expect(flock(holder, LOCK_UN) == 0)
        try test.append(["goes on"])
    }
}

/// What several threads confirmed, and what went wrong.
private final class Journal: Sendable {
    private struct State {
        var lines: [AppendedLine] = []
        var failures: [String] = []
        var isOver = false
    }

    private let state = Mutex(State())

    var lines: [AppendedLine] { state.withLock { $0.lines } }
    var failures: [String] { state.withLock { $0.failures } }
    var isOver: Bool {
        get { state.withLock { $0.isOver } }
        set { state.withLock { $0.isOver = newValue } }
    }

    func write(_ count: Int, to log: LogName, of store: LogStore, thread: Int) {
        for index in 0..<count {
            let text = Array("thread \(thread) line \(index)".utf8)
            do {
                let appended = try store.append(wall: 0, [(log: log, make: { _ in text })])
                state.withLock { $0.lines += appended }
            } catch {
                state.withLock { $0.failures.append("\(error)") }
            }
        }
    }
}

/// Runs blocking work off the cooperative pool.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: body()) }.start()
    }
}
