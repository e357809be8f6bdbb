/// Brings the tables, views and models of a file in line with the catalogue.
struct Installation {
    let connection: SQLConnection
    let path: String
    let tables: [EventTable]
    let models: ModelSet

    /// What the engine must do before it reads on.
    struct Outcome {
        /// The columns of a known type are others now: every line must be read again.
        var mustRebuild = false
        /// A type or version is new here: lines parked for want of it can be tried again.
        var mayRetry = false
    }

    /// Everything but indexes and models; enough to read lines into.
    func prepareEvents() throws -> Outcome {
        // Its tables are those of an earlier version: it answers until its successor is built from the logs.
        guard try createSchema() else { return Outcome(mustRebuild: true) }
        var outcome = try reconcileTypes()
        if !outcome.mustRebuild { try createViews() }
        // Kept until it has been done: the program may stop before it reads on.
        if outcome.mayRetry { try connection.run("UPDATE meta SET value = 1 WHERE name = 'retry'") }
        outcome.mayRetry = try connection.value("SELECT value FROM meta WHERE name = 'retry'") == 1
        return outcome
    }

    /// False for a file of an earlier version.
    private func createSchema() throws -> Bool {
        let found = try connection.value("PRAGMA user_version")?.integer ?? 0
        guard found <= EngineSchema.version else {
            throw ReadModelError.newerSchema(path: path, found: Int(found), known: EngineSchema.version)
        }
        guard found == 0 else {
            try connection.execute(EngineSchema.beside)
            return found == EngineSchema.version
        }
        try connection.execute(EngineSchema.statements)
        try connection.execute(EngineSchema.beside)
        try connection.execute("PRAGMA user_version = \(EngineSchema.version)")
        return true
    }

    // MARK: - Types

    private func reconcileTypes() throws -> Outcome {
        var outcome = Outcome()
        var known: [String: (version: Int64, layout: String)] = [:]
        for row in try connection.rows("SELECT name, version, layout FROM event_type") {
            if let name = row[0].text { known[name] = (row[1].integer ?? 0, row[2].text ?? "") }
        }
        let isEmpty = try connection.value("SELECT value FROM meta WHERE name = 'line'") == 0
        for table in tables {
            let before = known.removeValue(forKey: table.type)
            if let before, before.layout != table.layout {
                guard isEmpty else { return Outcome(mustRebuild: true) }
                try drop(table.type)
            }
            if before?.layout != table.layout { try connection.execute(table.creation) }
            if before?.version != Int64(table.version) { outcome.mayRetry = !isEmpty }
            try connection.run(
                "INSERT OR REPLACE INTO event_type (name, version, layout) VALUES (?, ?, ?)", .text(table.type),
                .integer(Int64(table.version)), .text(table.layout))
        }
        guard known.isEmpty || isEmpty else { return Outcome(mustRebuild: true) }
        for type in known.keys { try drop(type) }
        return outcome
    }

    private func drop(_ type: String) throws {
        let table = "evt_" + EventNaming.table(type)
        let lists = try connection.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, ?) = ?",
            .integer(Int64(table.utf8.count + 2)), .text(table + "__"))
        for name in lists.compactMap({ $0[0].text }) + [table] {
            try connection.execute("DROP TABLE IF EXISTS \(name)")
        }
        try connection.run("DELETE FROM event_type WHERE name = ?", .text(type))
    }

    // MARK: - Views

    private func createViews() throws {
        for table in tables {
            try createView(table.relation, table.selection(where: Knowledge.now))
            for list in table.lists {
                try createView("\(table.relation)__\(list.name)", table.selection(list, where: Knowledge.now))
            }
        }
        try createView("ev_all", EveryEvent.selection(tables, where: Knowledge.now))
        try createView("logs", LogsRelation.selection(at: nil))
    }

    /// Leaves a view alone that is as it should be, so that opening a file writes nothing.
    private func createView(_ name: String, _ selection: String) throws {
        let text = "CREATE VIEW \(name) AS \(selection)"
        let found = try connection.value("SELECT sql FROM sqlite_master WHERE type = 'view' AND name = ?", .text(name))
        guard found?.text != text else { return }
        try connection.execute("DROP VIEW IF EXISTS \(name)")
        try connection.execute(text)
    }

    // MARK: - Indexes

    /// Events are found by their subject, by the person concerned, and by the keys of the folds that read them.
    ///
    /// After the key, an index of events goes on with what the order of meaning asks for: a fold that looks for the
    /// latest of a key's events finds it in the index, and fetches one row rather than a history.
    func createIndexes() throws {
        var wanted: [(table: String, columns: [String])] = []
        for table in tables {
            if table.subjectRecurs { wanted.append((table.table, ["subject"])) }
            if let person = table.person, person != "subject" { wanted.append((table.table, [person])) }
            if let list = table.personList { wanted.append(("\(table.table)__\(list)", ["value"])) }
        }
        for model in models.models where model.kind == .fold {
            for reads in model.reads {
                guard case .event(let type, let list) = reads.source else { continue }
                wanted.append(("evt_" + EventNaming.table(type, list: list), reads.by))
            }
        }
        for (table, columns) in wanted where !columns.isEmpty && columns != ["ev"] {
            let isList = table.contains("__")
            let order = isList ? [] : ["known_to", "at_order", "hlc", "log_id", "seq", "known_from"]
            try connection.execute(
                "CREATE INDEX IF NOT EXISTS key_\(table)_\(columns.joined(separator: "_")) "
                    + "ON \(table) (\((columns + order).joined(separator: ", ")))")
        }
    }

    // MARK: - Models

    /// Builds what is new or changed beside what is in use, and switches; removes what is not wanted any more.
    /// All in the caller's transaction: a reader sees the old models or the new ones.
    /// - Returns: models that SQLite does not understand, with its reason.
    func installModels(relationColumns: @escaping (ModelReads) throws -> [String]) throws -> [ModelProblem] {
        var installed: [String: (version: Int, digest: String, text: String)] = [:]
        for row in try connection.rows("SELECT name, version, digest, text FROM model") {
            guard let name = row[0].text, let version = row[1].integer else { continue }
            installed[name] = (Int(version), row[2].text ?? "", row[3].text ?? "")
        }
        var problems: [ModelProblem] = []
        var failed: Set<String> = []
        for model in models.models {
            if let broken = model.modelsRead.first(where: failed.contains) {
                failed.insert(model.name)
                problems.append(
                    ModelProblem(
                        file: model.file, line: 1, what: "It reads \(broken), which could not be built.",
                        fix: "Correct that first."))
            } else if installed[model.name]?.digest != models.digest(of: model.name), try !adopt(model) {
                if let problem = try install(model, relationColumns: relationColumns) {
                    failed.insert(model.name)
                    problems.append(problem)
                }
            }
            if !failed.contains(model.name) { installed[model.name] = nil }
        }
        for (name, old) in installed where models[name] == nil || failed.contains(name) {
            try remove(name, version: old.version)
        }
        return problems
    }

    /// Takes a version that was built beside the one in use, which stays beside it in turn.
    /// - Returns: whether there is such a version, built from the same sources.
    private func adopt(_ model: ModelFile) throws -> Bool {
        let isReady = try connection.value(
            "SELECT 1 FROM beside WHERE name = ? AND version = ? AND digest = ? AND state = 'ready'",
            .text(model.name), .integer(Int64(model.version)), .text(models.digest(of: model.name)))
        guard isReady != nil,
            let old = try connection.value(
                "SELECT version FROM model WHERE name = ? AND failure IS NULL", .text(model.name))?.integer
        else { return false }
        try connection.run(
            """
            INSERT OR REPLACE INTO beside (name, version, digest, file, text, state) \
            SELECT name, version, digest, file, text, 'ready' FROM model WHERE name = ?
            """, .text(model.name))
        try connection.run(
            "DELETE FROM beside WHERE name = ? AND version = ?", .text(model.name), .integer(Int64(model.version)))
        try connection.run(
            "UPDATE parked_key SET model = ? WHERE model = ?", .text(ModelFile.table(model.name, Int(old))),
            .text(model.name))
        try connection.run(
            "UPDATE parked_key SET model = ? WHERE model = ?", .text(model.name), .text(model.table))
        try switchOver(model, from: nil)
        return true
    }

    private func install(
        _ model: ModelFile, relationColumns: @escaping (ModelReads) throws -> [String]
    ) throws -> ModelProblem? {
        let old = try connection.value("SELECT version FROM model WHERE name = ?", .text(model.name))?.integer
        do {
            try connection.savepoint {
                // The same version with another text is a draft: there is nothing to keep beside it.
                try connection.run("DELETE FROM parked_key WHERE model = ?", .text(model.name))
                if old == Int64(model.version) { try connection.execute("DROP VIEW IF EXISTS \(model.name)") }
                try ModelBuilder(
                    connection: connection, relationColumns: relationColumns, table: { $0.table }, temporary: false
                ).build([model], among: models.models)
                try switchOver(model, from: old.map(Int.init))
            }
            return nil
        } catch let failure as SQLFailure where !failure.isEnvironmental {
            return ModelProblem(
                file: model.file, line: model.sqlLine, what: "SQLite does not understand it: \(failure.message).",
                fix: "Check names and columns against the heading.")
        }
    }

    private func switchOver(_ model: ModelFile, from old: Int?) throws {
        try connection.execute("DROP VIEW IF EXISTS \(model.name)")
        if model.kind != .view {
            let columns = model.columns.map(\.name).joined(separator: ", ")
            try connection.execute("CREATE VIEW \(model.name) AS SELECT \(columns) FROM \(model.table)")
        } else {
            try checkView(model)
        }
        if let old, old != model.version { try connection.execute("DROP TABLE IF EXISTS \(model.name)__v\(old)") }
        try connection.run(
            "INSERT OR REPLACE INTO model (name, version, digest, file, text) VALUES (?, ?, ?, ?, ?)",
            .text(model.name), .integer(Int64(model.version)), .text(models.digest(of: model.name)),
            .text(model.file), .text(model.text))
        try connection.run("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    }

    /// A view has no table; that SQLite understands it, with its columns, is found out by preparing it.
    private func checkView(_ model: ModelFile) throws {
        let columns = model.columns.map(\.name).joined(separator: ", ")
        let others = ViewExpansion(models: { models[$0] }).prefix(for: model)
        _ = try connection.prepare("\(others) SELECT \(columns) FROM (\(model.sql.withoutSemicolon))")
    }

    private func remove(_ name: String, version: Int) throws {
        try connection.execute("DROP VIEW IF EXISTS \(name)")
        try connection.execute("DROP TABLE IF EXISTS \(name)__v\(version)")
        try connection.run("DELETE FROM model WHERE name = ?", .text(name))
        try connection.run("DELETE FROM parked_key WHERE model = ?", .text(name))
        try connection.run("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    }
}

/// Views have no table: where one reads another, the other's SELECT goes along.
struct ViewExpansion {
    let models: (String) -> ModelFile?

    /// `WITH a AS (…), b AS (…)`, or nothing.
    func prefix(for model: ModelFile) -> String {
        let parts = definitions(for: model)
        return parts.isEmpty ? "" : "WITH " + parts.joined(separator: ", ")
    }

    /// `a AS (…)` for each view that the model reads.
    func definitions(for model: ModelFile) -> [String] {
        views(readBy: model).map { view in
            let columns = view.columns.map(\.name).joined(separator: ", ")
            return "\(view.name) AS (SELECT \(columns) FROM (\(view.sql.withoutSemicolon)))"
        }
    }

    /// Each after those it reads.
    private func views(readBy model: ModelFile) -> [ModelFile] {
        var result: [ModelFile] = []
        for name in model.modelsRead {
            guard let view = models(name), view.kind == .view, !result.contains(view) else { continue }
            result += views(readBy: view).filter { !result.contains($0) } + [view]
        }
        return result
    }
}
