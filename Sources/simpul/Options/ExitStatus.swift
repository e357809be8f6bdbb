import ArgumentParser
import Catalogue
import Event
import Foundation
import Node
import ReadModels
import Store
import Sync
import Transport

/// Exit codes after sysexits(3), from the errors of the layers.
enum ExitStatus {
    static func exit(with error: any Error) -> Never {
        if let error = error as? ExitCode { end(error.rawValue) }
        guard let code = code(for: error) else { Simpul.exit(withError: error) }
        Output.note("simpul: \(error)")
        end(code)
    }

    /// Ends the process at once. exit(3) would first run what libraries registered for it, and OpenSSL's takes its locks
    /// away from under the thread that is still closing a connection: a good sync then ended with signal 11. What must
    /// be durable is so by now, and `Output` keeps nothing back.
    static func end(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    /// Nil for what the argument parser reports itself.
    private static func code(for error: any Error) -> Int32? {
        switch error {
        case let error as NodeError: error.exitCode
        case is InvalidDraft, is JSONError, is NameError, is EventLineError: EX_DATAERR
        case let error as TransportError: error.isWorthRetrying ? EX_TEMPFAIL : EX_PROTOCOL
        case let error as StoreError: store(error)
        case is FrameError: EX_PROTOCOL
        case is ReadModelError, is CatalogueError, is ModelProblem, is ModelProblems: EX_DATAERR
        default: nil
        }
    }

    private static func store(_ error: StoreError) -> Int32 {
        switch error {
        case .unusable, .missing: EX_NOINPUT
        case .diskFull, .writeFailed: EX_IOERR
        case .newerSchema: EX_SOFTWARE
        case .busy, .holding, .epochLeft: EX_TEMPFAIL
        case .invalid: EX_DATAERR
        }
    }
}
