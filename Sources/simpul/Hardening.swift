import CProcess
import Foundation

/// What holds for every run of the program, before anything is read.
enum Hardening {
    /// No core dumps, and no look into this process by others of the same user: its memory holds names and keys.
    static func apply() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        if setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) != 0 || simpul_forbid_dump() != 0 {
            // Not fatal: it is a second wall. Whoever runs it sees that it is missing.
            Output.note("simpul: core dumps cannot be switched off: \(String(cString: strerror(errno)))")
        }
        // Swift's own report of a crash shows what memory holds around the registers: names, too.
        for crash in [SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGQUIT] { signal(crash, SIG_DFL) }
        // Files made by libraries too are for this user alone.
        umask(0o077)
    }
}
