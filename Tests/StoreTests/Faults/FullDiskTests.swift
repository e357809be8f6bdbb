import Event
import Foundation
import Store
import Sync
import TestKit
import Testing

@Suite(.enabled(if: SmallDisk.canBeMade, "only root can mount a small disk")) struct FullDiskTests {
    @Test func aFullDiskIsNamedNothingIsLostAndItRecovers() throws {
        let disk = try SmallDisk(megabytes: 8)
        let test = try TestStore(folder: disk.folder)
        var confirmed = try test.append(["first"])
        try disk.fill()
        var full: StoreError?
        while full == nil {
            do {
                confirmed += try test.append([String(repeating: "x", count: 60_000)])
            } catch let error as StoreError { full = error }
        }
        guard case .diskFull? = full else {
            Issue.record("another error: \(full.map { "\($0)" } ?? "")")
            return
        }
        #expect("\(full.map { "\($0)" } ?? "")".contains("Free some space"))
        for line in confirmed {
            #expect(try test.store.line(line.reference.log, line.reference.sequence) == line.bytes)
        }
        disk.free()
        confirmed += try test.append(["after"])
        try test.reopen()
        for line in confirmed {
            #expect(try test.store.line(line.reference.log, line.reference.sequence) == line.bytes)
        }
        #expect(try test.store.audit().isSound)
    }

    @Test func aFrameThatDoesNotFitOnTheDiskLeavesNothingAndIsTakenLater() throws {
        let disk = try SmallDisk(megabytes: 8)
        let test = try TestStore(folder: disk.folder)
        var author = try Author()
        author.write(16) { _ in String(repeating: "x", count: 60_000) }
        try test.store.trust(author.enrolment)
        try disk.fill(leaving: 200_000)
        #expect(throws: StoreError.self) { try test.commit(try author.frame(0, 16)) }
        #expect(try test.row(author.log) == nil)
        disk.free()
        #expect(try test.commit(try author.frame(0, 16)).size == 16)
        #expect(try test.store.audit().isSound)
    }

    @Test func aDiskThatBecameReadOnlyHaltsWritingAndKeepsWhatIsThere() throws {
        let disk = try SmallDisk(megabytes: 8)
        let test = try TestStore(folder: disk.folder)
        let confirmed = try test.append(["first"])
        try test.store.close()
        guard disk.remount(readOnly: true) else { return }
        #expect(throws: StoreError.self) { try LogStore(folder: disk.folder.path, signer: test.signer) }
        #expect(disk.remount(readOnly: false))
        let again = try LogStore(folder: disk.folder.path, signer: test.signer)
        #expect(try again.line(confirmed[0].reference.log, 0) == confirmed[0].bytes)
    }
}
