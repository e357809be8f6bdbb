import Event
import ReadModels

extension OpenAPIShared {
    static let schemas: [JSONMember] = [
        JSONMember("Text", object(["id": string, "en": string])),
        JSONMember("Column", object(["name": string, "type": string, "label": reference("Text")])),
        JSONMember("Heading", object(["name": string, "type": string, "label": string])),
        JSONMember(
            "Model",
            object([
                "name": string, "version": integer, "kind": codes(ModelInfo.Kind.allCases.map(\.rawValue)),
                "title": reference("Text"), "about": string, "key": list(string), "columns": list(reference("Column")),
                "period_column": nullable(string), "failure": nullable(string), "rows": string,
            ])),
        JSONMember("ModelList", object(["cut": integer, "models": list(reference("Model"))])),
        JSONMember(
            "SilentNode", object(["node": string, "region": string, "last_contact": nullable(string)])),
        JSONMember(
            "Completeness",
            object([
                "region": string, "period": nullable(string), "threshold": string, "enrolled": integer,
                "reporting": integer, "state": codes(PeriodState.allCases.map(\.rawValue)), "rule": string,
                "silent": list(reference("SilentNode")),
            ])),
        JSONMember("Answer", answer),
        JSONMember(
            "Line",
            object([
                "line": string, "type": string, "subject": string, "occurred_at": string, "known_from": integer,
                "known_to": nullable(integer),
            ])),
        JSONMember(
            "Explanation",
            object([
                "model": string, "version": integer, "key": ["type": "object"], "cut": integer, "scope": string,
                "completeness": optionalCompleteness, "lines": list(reference("Line")),
            ])),
        JSONMember(
            "Change",
            object([
                "line": string, "type": string, "occurred_at": string,
                "cause": codes(Restatement.Cause.allCases.map(\.rawValue)), "by": nullable(string),
            ])),
        JSONMember(
            "Restatement",
            object([
                "figure": string, "published": string, "model": string, "column": string, "filters": list(string),
                "cut": integer, "old": cell, "new": cell, "changes": list(reference("Change")),
            ])),
        JSONMember(
            "Figures",
            object([
                "cut": integer, "scope": string, "completeness": optionalCompleteness,
                "restated": list(reference("Restatement")),
            ])),
        JSONMember(
            "Problem",
            object(["type": string, "title": string, "status": integer, "code": string, "detail": string])),
    ]

    /// What every page of rows has beside its rows.
    private static let answer = object([
        "model": string, "version": integer, "title": string, "cut": integer, "scope": string, "today": string,
        "completeness": optionalCompleteness, "columns": list(reference("Heading")), "rows": list(["type": "object"]),
        "next_page": nullable(string),
    ])

    /// Null for reference lists, which no node reports to.
    private static let optionalCompleteness: JSON = ["oneOf": [reference("Completeness"), ["type": "null"]]]

    private static let string: JSON = ["type": "string"]
    private static let integer: JSON = ["type": "integer"]
    private static let cell: JSON = ["type": ["string", "integer", "null"]]

    private static func nullable(_ schema: JSON) -> JSON {
        schema.setting("type", to: .array([schema["type"] ?? "string", "null"]))
    }

    private static func codes(_ codes: [String]) -> JSON {
        ["type": "string", "enum": .array(codes.map { .string($0) })]
    }

    private static func list(_ items: JSON) -> JSON { ["type": "array", "items": items] }

    private static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/" + name)] }

    /// An object all of whose members are there.
    private static func object(_ properties: JSON) -> JSON {
        [
            "type": "object", "properties": properties,
            "required": .array((properties.objectValue ?? []).map { .string($0.key) }),
        ]
    }
}
