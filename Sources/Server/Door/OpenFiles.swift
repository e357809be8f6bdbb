import Foundation

/// The number of files and connections that this process may have open.
package enum OpenFiles {
    /// Raises the limit as far as the system lets it: usual is 1,024, which a slow-sending attacker fills, and then
    /// the database cannot be opened either.
    package static func raise(to wanted: UInt64 = 16_384) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < wanted else {
            return
        }
        limit.rlim_cur = min(limit.rlim_max, rlim_t(wanted))
        // Not granted: the server runs with what it has.
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
