import Foundation

/// Processor seconds of this process so far, in user and kernel mode.
var ownProcessorSeconds: Double {
    var usage = rusage()
    // 0 is RUSAGE_SELF, which Glibc gives as a type that its own function does not take.
    getrusage(0, &usage)
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
}
