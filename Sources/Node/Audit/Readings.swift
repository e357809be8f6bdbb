import Synchronization

/// Collects whom a page shows while it is made, wherever below that happens.
public enum Readings {
    private final class Basket: Sendable {
        let subjects = Mutex<Set<Reading.Subject>>([])
    }

    @TaskLocal private static var basket: Basket?

    /// Somebody's data is about to be shown.
    public static func note(_ subject: Reading.Subject) {
        basket?.subjects.withLock { _ = $0.insert(subject) }
    }

    /// Runs a body and gives whom it showed.
    public static func collecting<Value>(_ body: () throws -> Value) rethrows -> (Value, Set<Reading.Subject>) {
        let basket = Basket()
        let value = try $basket.withValue(basket, operation: body)
        return (value, basket.subjects.withLock { $0 })
    }

    /// Runs a body that looks at data for the program's own purposes and shows nothing of it.
    public static func quietly<Value>(_ body: () throws -> Value) rethrows -> Value {
        try $basket.withValue(nil, operation: body)
    }
}
