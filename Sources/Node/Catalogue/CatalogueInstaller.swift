import Catalogue
import Event
import Foundation
import ReadModels

/// Puts event types, code lists, risk rules and models into a node's catalogue folder, once all of them together
/// with what is there make a catalogue.
public struct CatalogueInstaller: Sendable {
    /// A file and what it is.
    public struct Piece: Sendable, Hashable {
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            case events, codelists, rules, models
        }

        public let path: String
        public let kind: Kind
        /// What it declares: a type and version, a list, a version of rules, a model's file.
        public let name: String
        let bytes: Data

        private var place: String?

        init(path: String, kind: Kind, name: String, bytes: Data) {
            self.path = path
            self.kind = kind
            self.name = name
            self.bytes = bytes
        }

        var fileName: String { place ?? URL(fileURLWithPath: path).lastPathComponent }

        /// In the place of a file of another name.
        func named(_ file: String) -> Piece {
            var piece = self
            piece.place = file
            return piece
        }
    }

    private let folder: NodeFolder

    public init(folder: NodeFolder) { self.folder = folder }

    /// Reads files and tells what each is, without looking deeper.
    ///
    /// - Throws: `NodeError` for a file that cannot be read, `CatalogueError` for one that is no part of a catalogue.
    public func pieces(_ paths: [String]) throws -> [Piece] { try paths.map(piece) }

    /// Reads the catalogue as it would be with these pieces.
    ///
    /// - Returns: doubts that do not stand in the way.
    /// - Throws: `CatalogueError` or `ModelProblem` for the first thing that is wrong, naming the file as it was given.
    @discardableResult
    public func check(_ pieces: [Piece]) throws -> [String] {
        let trial = FileManager.default.temporaryDirectory.appending(path: "simpul-catalogue-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: trial) }
        for piece in pieces { try write(piece, into: trial.path) }
        let before = try Catalogue.bundled(extra: [URL(fileURLWithPath: folder.catalogue, isDirectory: true)])
        let after: Catalogue
        do {
            after = try Catalogue.bundled(extra: [URL(fileURLWithPath: folder.catalogue, isDirectory: true), trial])
        } catch {
            throw Self.named(error, pieces, in: trial.path)
        }
        try checkModels(pieces, after, in: trial.path)
        return pieces.compactMap { doubt($0, before, after) }
    }

    /// Checks the pieces and puts them into the node's folder. Programs that run take them up when they start anew.
    public func install(_ pieces: [Piece]) throws {
        try check(pieces)
        for piece in pieces { try write(piece, into: folder.catalogue) }
    }

    // MARK: - What a file is

    private func piece(_ path: String) throws -> Piece {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw NodeError(.badInput, "\(path) cannot be read", advice: "check its name and permissions")
        }
        let url = URL(fileURLWithPath: path)
        if url.pathExtension == "sql" {
            return Piece(path: path, kind: .models, name: url.deletingPathExtension().lastPathComponent, bytes: bytes)
        }
        guard url.pathExtension == "json" else {
            throw CatalogueError(
                file: path, what: "A catalogue has files ending in .json and .sql.",
                fix: "Name event types, code lists and rules .json, models .sql.")
        }
        let document: JSON
        do {
            document = try JSON.parse(bytes, limits: .document)
        } catch {
            throw CatalogueError(file: path, what: "\(error)", fix: "Correct the file.")
        }
        for (member, kind) in [("$id", Piece.Kind.events), ("code_list", .codelists), ("risk_rules", .rules)] {
            if let name = document[member]?.stringValue {
                return Piece(path: path, kind: kind, name: name, bytes: bytes)
            }
        }
        throw CatalogueError(
            file: path, what: "It is neither an event type ($id), a code list (code_list) nor rules (risk_rules).",
            fix: "See docs/catalogue.md for the form of each.")
    }

    private func write(_ piece: Piece, into root: String) throws {
        let part = root + "/" + piece.kind.rawValue
        try FileManager.default.createDirectory(
            atPath: part, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try NodeFolder.write(piece.bytes, to: part + "/" + piece.fileName)
    }

    // MARK: - Whether it fits

    private func checkModels(_ pieces: [Piece], _ catalogue: Catalogue, in trial: String) throws {
        let names = Set(pieces.filter { $0.kind == .models }.map(\.fileName))
        guard !names.isEmpty || pieces.contains(where: { $0.kind == .events }) else { return }
        let engine = try ModelEngine(
            path: trial + "/models.db", catalogue: catalogue, options: EngineOptions(cacheMegabytes: 8))
        defer { engine.close() }
        let types = Set(pieces.filter { $0.kind == .events }.map { Self.typeName($0.name) })
        if let problem = engine.problems.first(where: { names.contains($0.file) || types.contains($0.file) }) {
            throw problem
        }
    }

    /// A version that says something else than before: what was written under it would be read differently.
    private func doubt(_ piece: Piece, _ before: Catalogue, _ after: Catalogue) -> String? {
        guard piece.kind == .events else { return nil }
        let name = Self.typeName(piece.name)
        for (version, type) in before.versions[name] ?? [:] where after.versions[name]?[version] != type {
            return "\(piece.path): version \(version) of \(name) exists with another content; "
                + "raise the version unless only words changed"
        }
        return nil
    }

    /// `visit.recorded` of `simpul:visit.recorded/1`.
    private static func typeName(_ id: String) -> String {
        let name = id.hasPrefix("simpul:") ? String(id.dropFirst(7)) : id
        return String(name.prefix { $0 != "/" })
    }

    /// The error with the file's name as it was given.
    private static func named(_ error: any Error, _ pieces: [Piece], in trial: String) -> any Error {
        guard var error = error as? CatalogueError, error.file.hasPrefix(trial) else { return error }
        let name = URL(fileURLWithPath: error.file).lastPathComponent
        error.file = pieces.first { $0.fileName == name }?.path ?? name
        return error
    }
}
