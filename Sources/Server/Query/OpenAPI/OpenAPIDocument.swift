import Event
import ReadModels

/// The query interface as an OpenAPI 3.1 document, made from the columns that the installed models declare.
struct OpenAPIDocument {
    let models: [ModelInfo]
    /// Name of the cookie of the pages' sessions; nil: they are no logins here.
    let sessionCookie: String?

    var json: JSON {
        [
            "openapi": "3.1.0",
            "info": [
                "title": "Simpul queries",
                "version": "1",
                "description": .string(Self.about),
            ],
            "servers": [["url": "/"]],
            "security": .array(securitySchemes.map { .object([JSONMember($0.key, [])]) }),
            "paths": .object(paths),
            "components": [
                "securitySchemes": .object(securitySchemes),
                "parameters": OpenAPIShared.parameters,
                "headers": OpenAPIShared.headers,
                "responses": OpenAPIShared.responses,
                "schemas": .object(OpenAPIShared.schemas + models.map(OpenAPIModel.init).map(\.rowSchema)),
            ],
        ]
    }

    private static let about = """
        Read models of a hub or the centre. Every answer names its cut, the version of its model, and how complete it \
        is; asked again with `as_of_cut`, it is the same byte for byte. Filters are parameters named after columns, \
        with an operator after a dot: `month.ge=2026-01`. Several values are separated by commas; an empty value \
        means an empty cell.
        """

    private var securitySchemes: [JSONMember] {
        let basic = JSONMember("basic", ["type": "http", "scheme": "basic"])
        guard let sessionCookie else { return [basic] }
        return [basic, JSONMember("session", ["type": "apiKey", "in": "cookie", "name": .string(sessionCookie)])]
    }

    private var paths: [JSONMember] {
        var paths = [
            JSONMember(
                "/q/v1/models",
                [
                    "get": OpenAPIShared.operation(
                        id: "listModels", summary: "What can be asked, with the columns of each model",
                        schema: ["$ref": "#/components/schemas/ModelList"])
                ]),
            JSONMember(
                "/q/v1/figures",
                [
                    "get": OpenAPIShared.operation(
                        id: "listRestatements", summary: "Published figures that have changed since: old, new, and why",
                        parameters: [
                            ["$ref": "#/components/parameters/scope"], ["$ref": "#/components/parameters/language"],
                        ],
                        schema: ["$ref": "#/components/schemas/Figures"])
                ]),
            JSONMember(
                "/q/v1/openapi.json",
                [
                    "get": OpenAPIShared.operation(
                        id: "describe", summary: "This document", schema: ["type": "object"])
                ]),
        ]
        for model in models.map(OpenAPIModel.init) {
            paths.append(JSONMember("/q/v1/models/\(model.info.name)", ["get": model.rowsOperation]))
            paths.append(JSONMember("/q/v1/models/\(model.info.name)/explain", ["get": model.explainOperation]))
        }
        return paths
    }
}
