import Event

/// Writes records into the tables of their types.
final class RowWriter {
    let tables: [EventTable]
    private let rows: [SQLStatement]
    private let listRows: [[SQLStatement]]
    private let terms: NameTable
    private let places: NameTable

    init(_ connection: SQLConnection, tables: [EventTable]) throws {
        self.tables = tables
        rows = try tables.map { try connection.prepare($0.insertion) }
        listRows = try tables.map { table in try table.lists.map { try connection.prepare(table.insertion($0)) } }
        terms = .terms(connection)
        places = .places(connection)
    }

    /// Where a version of a line stands.
    struct Address {
        var ev: Int64
        var logID: Int64
        var sequence: Int64
        var knownFrom: Int64
        var knownTo: Int64?
    }

    func write(_ record: ParsedLines.Record, of parsed: ParsedLines, at address: Address) throws {
        try parsed.arena.withUnsafeBufferPointer { arena in
            try write(record, cells: parsed.cells, arena: arena, at: address)
            for row in parsed.listRows[record.listRows] {
                let statement = listRows[record.table][row.list]
                statement.bind(address.ev, at: 1)
                statement.bind(row.index, at: 2)
                for column in 0..<tables[record.table].lists[row.list].columns.count {
                    bind(parsed.cells[row.cells + column], arena, to: statement, at: Int32(column + 3))
                }
                try statement.run()
            }
        }
    }

    private func write(
        _ record: ParsedLines.Record, cells: [Cell], arena: UnsafeBufferPointer<UInt8>, at address: Address
    ) throws {
        let statement = rows[record.table]
        statement.bind(address.ev, at: 1)
        statement.bind(address.logID, at: 2)
        statement.bind(address.sequence, at: 3)
        statement.bind(address.knownFrom, at: 4)
        statement.bind(address.knownTo, at: 5)
        statement.bind(try places.number(text(record.place, arena)), at: 6)
        statement.bind(try terms.number(text(record.actor, arena)), at: 7)
        statement.bind(try terms.number(text(record.role, arena)), at: 8)
        statement.bind(record.version, at: 9)
        statement.bind(record.order, at: 10)
        statement.bind(record.clock, at: 11)
        statement.bind(record.recorded, at: 12)
        statement.bind(text: text(record.subject, arena), at: 13)
        statement.bind(text: text(record.occurredAt, arena), at: 14)
        let first = Int32(EnvelopeColumns.stored.count + 1)
        for column in 0..<tables[record.table].columns.count {
            bind(cells[record.cells + column], arena, to: statement, at: first + Int32(column))
        }
        try statement.run()
    }

    private func text(_ cell: Cell, _ arena: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: arena[cell.range])
    }

    private func bind(
        _ cell: Cell, _ arena: UnsafeBufferPointer<UInt8>, to statement: SQLStatement, at index: Int32
    ) {
        if cell.isNull {
            statement.bindNull(at: index)
        } else if cell.isInteger {
            statement.bind(cell.integer, at: index)
        } else {
            statement.bind(text: text(cell, arena), at: index)
        }
    }

    /// After a transaction was rolled back, numbers given in it are gone.
    func forget() {
        terms.forget()
        places.forget()
    }
}
