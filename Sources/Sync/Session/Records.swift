import Event
import TransparencyLog

/// The client's first record (`protocol/04-session.md`).
public struct Hello: Sendable {
    public var node: NodeName
    public var epoch: Epoch
    public var region: RegionCode
    /// Digest of the client's table in scope.
    public var table: String
    /// The server's mark at the last agreement; empty when there is none.
    public var mark: String
    /// The client's rows changed since that agreement; all of them when `full`.
    public var rows: [TableRow]
    public var full: Bool
    /// The client sends no lines and wants the server's statement first.
    public var ask: Bool
    public var receipts: String
    public var keys: String
    /// Decoded bytes of lines the client wants to get at most in this answer.
    public var max: Int64
    /// Logs whose lines the client cannot take now; the server leaves them out of this answer.
    public var skip: [LogName] = []
    /// Prefixes of the client's logs of which it wants to know whether the server holds them too.
    public var probe: [TableRow] = []
    /// Names the machine, for the operator: two under one epoch are two copies of one disk.
    public var machine: String?
    /// Whether it wants lines ahead of their logs where it lacks much.
    public var early: EarlyAsk?

    public var json: JSON {
        var all = members
        if !skip.isEmpty { all.append(JSONMember("skip", .array(skip.map { .string($0.description) }))) }
        if !probe.isEmpty { all.append(JSONMember("probe", .array(probe.map(\.json)))) }
        if let machine { all.append(JSONMember("machine", .string(machine))) }
        if let early { all.append(JSONMember("early", early.json)) }
        return .object(all)
    }

    private var members: [JSONMember] {
        [
            JSONMember("hello", .int(1)),
            JSONMember("node", .string(node.description)),
            JSONMember("epoch", .string(epoch.description)),
            JSONMember("region", .string(region.description)),
            JSONMember("table", .string(table)),
            JSONMember("mark", .string(mark)),
            JSONMember("rows", .array(rows.map(\.json))),
            JSONMember("full", .bool(full)),
            JSONMember("ask", .bool(ask)),
            JSONMember("receipts", .string(receipts)),
            JSONMember("keys", .string(keys)),
            JSONMember("max", .int(max)),
        ]
    }
}

extension Hello {
    public init(json: JSON) throws(FrameError) {
        guard json["hello"]?.intValue == 1 else {
            throw FrameError(.malformed, "the first record of a session is a hello of version 1")
        }
        guard let node = json["node"]?.stringValue.flatMap({ try? NodeName($0) }),
            let epoch = json["epoch"]?.stringValue.flatMap({ try? Epoch($0) }),
            let region = json["region"]?.stringValue.flatMap({ try? RegionCode($0) }),
            let table = json["table"]?.stringValue, let mark = json["mark"]?.stringValue,
            let full = json["full"]?.boolValue, let ask = json["ask"]?.boolValue,
            let receipts = json["receipts"]?.stringValue, let keys = json["keys"]?.stringValue,
            let max = json["max"]?.intValue
        else { throw FrameError(.malformed, "the hello lacks a member or has one of another form") }
        self.init(
            node: node, epoch: epoch, region: region, table: table, mark: mark, rows: try TableRow.list(json["rows"]),
            full: full, ask: ask, receipts: receipts, keys: keys, max: max,
            skip: (json["skip"]?.arrayValue ?? []).prefix(Limits.skippedLogs).compactMap {
                $0.stringValue.flatMap { try? LogName($0) }
            },
            probe: try json["probe"].map { (list) throws(FrameError) in
                try TableRow.list(list, limit: Limits.probeRows)
            } ?? [], machine: json["machine"]?.stringValue.flatMap { Self.isMachine($0) ? $0 : nil },
            early: try json["early"].map { (ask) throws(FrameError) in try EarlyAsk(json: ask) })
    }

    /// 1 to 64 printable characters of ASCII, no spaces: it is shown to an operator.
    private static func isMachine(_ text: String) -> Bool {
        1...64 ~= text.utf8.count && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }
}

/// The server's first record: where it stands.
public struct StateRecord: Sendable {
    public var table: String
    public var mark: String
    /// The server's rows for the logs of the hello and those changed since the client's mark.
    public var rows: [TableRow]
    /// The client's rows did not fit its digest: it is to send all of them.
    public var full: Bool
    /// Those rows of the client's probe that are prefixes of what the server holds.
    public var known: [TableRow] = []
    /// Lines that the client lacks; told to one that asked for early lines.
    public var behind: Int64?

    public var json: JSON {
        let found = JSONMember("known", .array(known.map(\.json)))
        return .object(
            [
                JSONMember("state", .int(1)),
                JSONMember("table", .string(table)),
                JSONMember("mark", .string(mark)),
                JSONMember("rows", .array(rows.map(\.json))),
                JSONMember("full", .bool(full)),
            ] + (known.isEmpty ? [] : [found]) + (behind.map { [JSONMember("behind", .int($0))] } ?? []))
    }
}

extension StateRecord {
    public init(json: JSON) throws(FrameError) {
        guard let table = json["table"]?.stringValue, let mark = json["mark"]?.stringValue,
            let full = json["full"]?.boolValue
        else { throw FrameError(.malformed, "the state record lacks a member") }
        self.init(
            table: table, mark: mark, rows: try TableRow.list(json["rows"]), full: full,
            known: try json["known"].map { (list) throws(FrameError) in
                try TableRow.list(list, limit: Limits.probeRows)
            } ?? [], behind: json["behind"]?.intValue)
    }
}

/// The server's last record. Without it a session counts as unanswered.
public struct EndRecord: Sendable {
    public var table: String
    public var mark: String
    public var keys: String
    /// The server has more than the client's `max` allowed: ask again at once.
    public var more: Bool

    public var json: JSON {
        .object([
            JSONMember("end", .int(1)),
            JSONMember("table", .string(table)),
            JSONMember("mark", .string(mark)),
            JSONMember("keys", .string(keys)),
            JSONMember("more", .bool(more)),
        ])
    }
}

extension EndRecord {
    public init(json: JSON) throws(FrameError) {
        guard let table = json["table"]?.stringValue, let mark = json["mark"]?.stringValue,
            let keys = json["keys"]?.stringValue, let more = json["more"]?.boolValue
        else { throw FrameError(.malformed, "the end record lacks a member") }
        self.init(table: table, mark: mark, keys: keys, more: more)
    }
}

/// One lines frame that was not taken. The sender keeps its lines.
public struct RefusedRecord: Sendable {
    public var code: RefusalCode
    public var log: LogName?
    public var from: Int64
    public var detail: String

    public init(code: RefusalCode, log: LogName?, from: Int64, detail: String) {
        self.code = code
        self.log = log
        self.from = from
        self.detail = detail
    }

    public var json: JSON {
        var members = [JSONMember("refused", .string(code.rawValue))]
        if let log { members.append(JSONMember("log", .string(log.description))) }
        members.append(JSONMember("from", .int(from)))
        members.append(JSONMember("detail", .string(detail)))
        return .object(members)
    }
}

extension RefusedRecord {
    public init(json: JSON) throws(FrameError) {
        guard let code = json["refused"]?.stringValue, let detail = json["detail"]?.stringValue else {
            throw FrameError(.malformed, "the refused record lacks a member")
        }
        // A code of a later version is treated as final: the lines stay here and an operator sees the sentence.
        self.init(
            code: RefusalCode(rawValue: code) ?? .malformed,
            log: json["log"]?.stringValue.flatMap { try? LogName($0) },
            from: json["from"]?.intValue ?? 0, detail: detail)
    }
}

extension TableRow {
    var json: JSON { .array([.string(log.description), .int(size), .string(root.base64)]) }

    static func list(_ json: JSON?, limit: Int = Limits.rows) throws(FrameError) -> [TableRow] {
        guard let rows = json?.arrayValue else { throw FrameError(.malformed, "rows are a list") }
        guard rows.count <= limit else {
            throw FrameError(.tooLarge, "\(rows.count) rows; at most \(limit) in one record")
        }
        var list: [TableRow] = []
        var seen: Set<TableRow> = []
        list.reserveCapacity(rows.count)
        for row in rows {
            guard let parts = row.arrayValue, parts.count == 3,
                let log = parts[0].stringValue.flatMap({ try? LogName($0) }),
                let size = parts[1].intValue, size > 0, size <= Limits.logLines,
                let root = parts[2].stringValue.flatMap({ Hash(base64: $0) })
            else { throw FrameError(.malformed, "a row is [log, size, root]") }
            let row = TableRow(log: log, size: size, root: root)
            guard seen.insert(row).inserted else { throw FrameError(.malformed, "the row of \(log) stands twice") }
            list.append(row)
        }
        return list
    }
}

extension Receipt {
    public var json: JSON {
        .object([
            JSONMember("receipt", .string(kind.rawValue)),
            JSONMember("log", .string(log.description)),
            JSONMember("holder", .string(holder.description)),
            JSONMember("note", .string(note)),
        ])
    }

    public init(json: JSON) throws(FrameError) {
        guard let kind = json["receipt"]?.stringValue.flatMap(Kind.init),
            let log = json["log"]?.stringValue.flatMap({ try? LogName($0) }),
            let holder = json["holder"]?.stringValue.flatMap({ try? NodeName($0) }),
            let note = json["note"]?.stringValue, let size = Self.size(kind, note: note)
        else { throw FrameError(.badReceipt, "a receipt lacks a member, or its note is of another form") }
        self.init(kind: kind, log: log, holder: holder, size: size, note: note)
    }

    /// The size that the note itself states; the record carries no other.
    private static func size(_ kind: Kind, note: String) -> Int64? {
        guard let text = try? SignedNote(parsing: note).text else { return nil }
        switch kind {
        case .held: return try? Checkpoint(parsing: text).size
        case .counted: return CountedStatement(text: text)?.size
        }
    }
}

extension KeyShare {
    public var json: JSON {
        .object([
            JSONMember("key", .string(key)),
            JSONMember("region", .string(region.description)),
            JSONMember("top", .string(top.description)),
            JSONMember("to", .string(to)),
            JSONMember("box", .string(Base64.encode(box))),
            JSONMember("by", .string(author.description)),
        ])
    }

    public init(json: JSON) throws(FrameError) {
        guard let key = json["key"]?.stringValue, KeyName(key) != nil,
            let region = json["region"]?.stringValue.flatMap({ try? RegionCode($0) }),
            let top = json["top"]?.stringValue.flatMap({ try? RegionCode($0) }),
            let to = json["to"]?.stringValue.flatMap(Self.place),
            let box = json["box"]?.stringValue.flatMap(Base64.decode),
            box.count == Limits.shareBytes,
            let author = json["by"]?.stringValue.flatMap({ try? NodeName($0) })
        else { throw FrameError(.malformed, "a key record lacks a member or has one of another form") }
        self.init(
            key: key, recipient: to.node, epoch: to.epoch, region: region, top: top, box: box, author: author)
    }

    /// Reads `NODE/EPOCH`.
    public static func place(_ text: String) -> (node: NodeName, epoch: Epoch)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let node = try? NodeName(String(parts[0])), let epoch = try? Epoch(String(parts[1]))
        else { return nil }
        return (node, epoch)
    }
}
