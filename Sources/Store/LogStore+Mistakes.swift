#if DEBUG
    import Event
    import GRDB
    import Sync
    import TransparencyLog

    extension LogStore {
        /// `Mistake.receiptBeforeCommit`: signs for a line that is not on the disk yet. It gets there when the sender
        /// sees that the tables differ and sends it again: most of the time nobody would notice.
        ///
        /// - Returns: nil for a frame that does not just continue a log.
        func receiptBeforeCommit(_ checked: CheckedFrame) throws -> Committed? {
            struct Undone: Error {}
            var committed: Committed?
            do {
                try database.write { db in
                    var state = try LogState.fetch(db, checked.frame.log)
                    guard state.id != nil, checked.frame.from == state.size, checked.frame.count == 1 else { return }
                    var edge = state.edge
                    edge.append(contentsOf: checked.leaves)
                    guard checked.fits(root: edge.root) else { return }
                    let frame = checked.frame
                    state.edge = edge
                    let receipt = try heldReceipt(db, state, change: try Self.nextChange(db))
                    committed = Committed(
                        log: frame.log, size: state.size, added: frame.count, receipt: receipt, reached: state.row)
                    throw Undone()
                }
            } catch is Undone {}
            return committed
        }
    }
#endif
