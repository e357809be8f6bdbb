import Foundation

/// The C library's allocator.
enum Allocator {
    /// Gives freed memory back to the machine (malloc_trim(3)). glibc keeps it otherwise; other C libraries have no such
    /// function, and nothing happens. Swift's module of glibc leaves it out, so it is looked up by name.
    static func trim() {
        typealias Trim = @convention(c) (Int) -> Int32
        guard let symbol = dlsym(nil, "malloc_trim") else { return }
        _ = unsafeBitCast(symbol, to: Trim.self)(0)
    }
}
