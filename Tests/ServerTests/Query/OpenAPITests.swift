import Event
import Foundation
import TestKit
import Testing

@Suite("The description of the query interface")
struct OpenAPITests {
    /// Checks a document with Python's openapi-spec-validator, and answers with the schemas that it gives them.
    private static let script = """
        import json, sys
        from openapi_spec_validator import validate
        from jsonschema import Draft202012Validator
        folder = sys.argv[1]
        document = json.load(open(folder + "/openapi.json"))
        validate(document)
        for path, operations in document["paths"].items():
            try:
                answer = json.load(open(folder + "/" + path.replace("/", "_") + ".json"))
            except FileNotFoundError:
                continue
            schema = operations["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            Draft202012Validator({**schema, "components": document["components"]}).validate(answer)
            print(path)
        """

    @Test("the document is valid OpenAPI 3.1, and the answers of every model fit it")
    func validity() async throws {
        try await QueryServer.run { server in
            let folder = try TestFolder("openapi")
            let document = try await server.get("/q/v1/openapi.json")
            #expect(document["Content-Type"] == "application/json")
            try Data(document.bytes).write(to: URL(filePath: folder.file("openapi.json")))
            let paths = try document.json()["paths"]?.objectValue?.map(\.key) ?? []
            #expect(paths.contains("/q/v1/models/departures_by_month"))
            let plain = paths.filter { !$0.hasSuffix("/explain") && !$0.hasSuffix(".json") }
            for path in plain {
                let reply = try await server.get(path)
                #expect(reply.status == 200, "\(path): \(reply.text)")
                try Data(reply.bytes).write(to: URL(filePath: folder.file(path.replacing("/", with: "_") + ".json")))
            }
            let checked = try Self.python(folder.path)
            #expect(checked.status == 0, "\(checked.output)")
            #expect(checked.output.split(separator: "\n").count == plain.count)
        }
    }

    @Test("every parameter that the document names is one that the server takes")
    func parameters() async throws {
        try await QueryServer.run { server in
            let document = try await server.get("/q/v1/openapi.json").json()
            let path = "/q/v1/models/departures_by_month"
            let parameters = document["paths"]?[path]?["get"]?["parameters"]?.arrayValue ?? []
            let names = parameters.compactMap { $0["name"]?.stringValue }
            #expect(names.contains("month.ge"))
            for name in names {
                let value = name == "sort" ? "month" : name.hasPrefix("month") ? "2026-08" : "1"
                let reply = try await server.get(path + "?\(name)=\(value)")
                #expect(reply.status == 200, "\(name): \(reply.text)")
            }
        }
    }

    private static func python(_ folder: String) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, folder]
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
