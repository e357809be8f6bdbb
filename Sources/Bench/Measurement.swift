/// One of the things that are measured, in a file of its own.
protocol Measurement: Sendable {
    var name: String { get }
    var about: String { get }
    func run(_ setting: Setting) async throws -> [BenchRow]
}

/// What measurements share.
struct Setting: Sendable {
    let isQuick: Bool
    let scratch: Scratch
    /// Path of the `simpul` executable.
    let program: String

    /// Repetitions of which the median counts.
    var repetitions: Int { isQuick ? 3 : 5 }
}
