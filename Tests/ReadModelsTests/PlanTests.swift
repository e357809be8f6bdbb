import Catalogue
import Foundation
import GRDB
import Testing

@testable import ReadModels

/// Folds find events by index: a scan of all events per batch would end the day the centre has a million.
@Suite struct PlanTests {
    @Test func noFoldScansEventsOrModels() throws {
        let folder = try TestFolder()
        let engine = try folder.engine()
        engine.close()
        let tables = try Catalogue.bundled().types.values.filter { !$0.name.hasPrefix("record.") }
            .map { try EventTable($0) }
        let models = ModelSet(files: try Catalogue.bundled().modelFiles, tables: tables)
        let queue = try DatabaseQueue(path: folder.database)
        try queue.inDatabase { db in
            let connection = try db.connection()
            _ = try ChangeCapture(connection: connection, tables: tables)
            for model in models.models where model.kind == .fold {
                let sql = ModelSQL(
                    model: model, target: model.table, mode: .incremental, relationColumns: { _ in [] }, isRead: false)
                try connection.execute(sql.workTables)
                let plan = try connection.rows("EXPLAIN QUERY PLAN \(sql.computing)").compactMap { $0[3].text }
                let scans = plan.filter { step in
                    step.hasPrefix("SCAN e ") || step.contains("SCAN evt_")
                        || models.models.contains { step.contains("SCAN \($0.table)") }
                        || ["SCAN e", "SCAN x", "SCAN r", "SCAN h", "SCAN c"].contains(step)
                }
                #expect(scans.isEmpty, "\(model.name): \(plan.joined(separator: "\n"))")
                #expect(plan.contains { $0.contains("USING") }, "\(model.name) uses no index")
            }
        }
    }
}
