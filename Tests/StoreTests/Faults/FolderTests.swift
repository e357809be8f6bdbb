import Crypto
import Event
import Foundation
import GRDB
import Store
import Sync
import TestKit
import Testing

/// Folders and files in a state that a store must not work in.
@Suite struct FolderTests {
    @Test(arguments: [0o755, 0o750, 0o711, 0o707])
    func aFolderThatOthersMayEnterIsRefused(mode: Int) throws {
        let folder = try TestFolder()
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: folder.path)
        let error = #expect(throws: StoreError.self) { try TestStore(folder: folder) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("chmod 700"))
    }

    @Test func aMissingFolderSaysWhatToDo() throws {
        let folder = try TestFolder()
        try FileManager.default.removeItem(atPath: folder.path)
        let error = #expect(throws: StoreError.self) { try TestStore(folder: folder) }
        #expect("\(error.map { "\($0)" } ?? "")".contains("simpul init"))
    }

    @Test func theFilesAreForTheirUserAlone() throws {
        let test = try TestStore()
        try test.append(["a"])
        for name in try FileManager.default.contentsOfDirectory(atPath: test.folder.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: test.folder.file(name))
            let mode = try #require(attributes[.posixPermissions] as? Int)
            #expect(mode & 0o077 == 0, "\(name) has mode \(String(mode, radix: 8))")
        }
    }

    @Test func aFileOfANewerProgramIsNotTouched() throws {
        let test = try TestStore()
        try test.append(["a"])
        try test.store.close()
        try test.sql { try $0.execute(sql: "PRAGMA user_version = 99") }
        let before = try Data(contentsOf: URL(filePath: test.folder.file("log.db")))
        let error = #expect(throws: StoreError.self) {
            try LogStore(folder: test.folder.path, signer: test.signer)
        }
        guard case .newerSchema(_, 99, _)? = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(try Data(contentsOf: URL(filePath: test.folder.file("log.db"))) == before)
    }

    @Test func aFileThatIsNoDatabaseSaysSo() throws {
        let folder = try TestFolder()
        try Data("not a database, but long enough to look at".utf8).write(to: URL(filePath: folder.file("log.db")))
        #expect(throws: StoreError.self) { try TestStore(folder: folder) }
    }

    @Test func anIntakeOfEveryLineIsKeptInOrder() throws {
        let test = try TestStore()
        try test.append(["a", "b"])
        try test.append(["c"], lane: "urgent")
        let runs = try test.store.intake(after: 0, limit: 100)
        #expect(runs.map { "\($0.log.lane) \($0.first)-\($0.last) \($0.cut)" } == ["main 0-1 1", "urgent 0-0 2"])
        #expect(try test.store.intakeSize() == 2)
    }
}
