import Foundation

/// What a sync tells while it goes.
public enum SyncEvent: Sendable, Equatable {
    case waiting(until: Date)
    case started
    case moved(SyncProgress)
    case finished(SyncSummary)
    /// `next` is the time of the next try; nil if there is none.
    case failed(String, failures: Int, next: Date?)
    /// What came is safe in the log, but the read models could not take it in.
    case readModelsBehind(String)
}

/// How far a sync has come, in lines.
public struct SyncProgress: Sendable, Equatable {
    public var sent: Int
    /// Lines this sync means to send, those sent included.
    public var toSend: Int
    public var received: Int

    public init(sent: Int, toSend: Int, received: Int) {
        self.sent = sent
        self.toSend = toSend
        self.received = received
    }
}

/// What a sync came to.
public struct SyncSummary: Sendable, Equatable {
    public var linesSent: Int
    public var linesReceived: Int
    public var requests: Int
    /// Bytes of HTTP, headers included.
    public var bytesSent: Int64
    public var bytesReceived: Int64
    /// Logs that cannot go on now; `simpul status` says why.
    public var refused: Int

    public init(
        linesSent: Int = 0, linesReceived: Int = 0, requests: Int = 0, bytesSent: Int64 = 0,
        bytesReceived: Int64 = 0,
        refused: Int = 0
    ) {
        self.linesSent = linesSent
        self.linesReceived = linesReceived
        self.requests = requests
        self.bytesSent = bytesSent
        self.bytesReceived = bytesReceived
        self.refused = refused
    }
}

/// Who listens. Called from several threads.
public protocol SyncObserver: Sendable {
    func note(_ event: SyncEvent)
}
