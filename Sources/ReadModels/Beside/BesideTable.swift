import GRDB

/// The engine's table of versions beside those in use, and their rows' tables.
struct BesideTable {
    let connection: SQLConnection

    init(_ connection: SQLConnection) { self.connection = connection }

    /// A reader may meet a file that an older program wrote.
    static func exists(_ db: Database) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'beside'")
            ?? false
    }

    func infos() throws -> [BesideInfo] {
        try connection.rows(
            "SELECT name, version, state, waiting, failure, file, text FROM beside ORDER BY name, version"
        )
        .compactMap { row in
            guard let name = row[0].text, let version = row[1].integer,
                let state = row[2].text.flatMap(BesideInfo.State.init)
            else { return nil }
            return BesideInfo(
                name: name, version: Int(version), state: state, waiting: row[3].integer ?? 0, failure: row[4].text,
                file: row[5].text ?? "", text: row[6].text ?? "")
        }
    }

    func add(_ model: ModelFile, digest: String) throws {
        try drop(model.name, version: model.version)
        try connection.run(
            "INSERT INTO beside (name, version, digest, file, text, state) VALUES (?, ?, ?, ?, ?, 'building')",
            .text(model.name), .integer(Int64(model.version)), .text(digest), .text(model.file), .text(model.text))
    }

    func drop(_ name: String, version: Int) throws {
        let table = ModelFile.table(name, version)
        try connection.execute("DROP TABLE IF EXISTS \(table)")
        try connection.run("DELETE FROM parked_key WHERE model = ?", .text(table))
        try connection.run(
            "DELETE FROM beside WHERE name = ? AND version = ?", .text(name), .integer(Int64(version)))
        try connection.run("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    }

    func set(_ model: ModelFile, state: BesideInfo.State, waiting: Int64 = 0, failure: String? = nil) throws {
        try connection.run(
            "UPDATE beside SET state = ?, waiting = ?, failure = ? WHERE name || '__v' || version = ?",
            .text(state.rawValue), .integer(waiting), failure.map { .text($0) } ?? .null, .text(model.name))
        if state != .building { try connection.run("UPDATE meta SET value = value + 1 WHERE name = 'generation'") }
    }

    /// Drops those that do not go with the models in use any more; begins those again whose sources are others now.
    /// - Returns: what is to be built and kept.
    func reconcile(with models: ModelSet, tables: [EventTable]) throws -> [(model: ModelFile, isReady: Bool)] {
        var result: [(model: ModelFile, isReady: Bool)] = []
        for info in try infos() where info.state != .failed {
            guard let inUse = models[info.name], inUse.version != info.version,
                let model = try? ModelFile(file: info.file, text: info.text),
                let set = try? models.replacing(model, tables: tables)
            else {
                try drop(info.name, version: info.version)
                continue
            }
            let digest = set.digest(of: info.name)
            let known = try connection.value(
                "SELECT digest FROM beside WHERE name = ? AND version = ?", .text(info.name),
                .integer(Int64(info.version)))
            if known?.text != digest { try add(model, digest: digest) }
            result.append((model.beside, info.state == .ready && known?.text == digest))
        }
        return result
    }
}
