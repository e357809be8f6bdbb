/// A server's mark: which store, and how far it had come. Opaque to clients.
struct Mark {
    let store: String
    let counter: Int64

    init(store: String, counter: Int64) {
        self.store = store
        self.counter = counter
    }

    /// Nil for a mark of another store, from this store's future (it was restored from a backup), or of another
    /// form: the client then sends all its rows.
    init?(_ text: String, store: String, now: Int64) {
        let parts = text.split(separator: ":")
        guard parts.count == 2, parts[0] == store, let counter = Int64(parts[1]), counter >= 0, counter <= now
        else { return nil }
        self.init(store: store, counter: counter)
    }

    var text: String { "\(store):\(counter)" }
}
