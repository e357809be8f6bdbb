import Event
import ReadModels

/// What all parts of the document refer to.
enum OpenAPIShared {
    static func operation(id: String, summary: String, parameters: [JSON] = [], schema: JSON) -> JSON {
        [
            "operationId": .string(id),
            "summary": .string(summary),
            "parameters": .array(parameters),
            "responses": responses(
                ok: [
                    "description": "As asked",
                    "headers": ["ETag": ["$ref": "#/components/headers/ETag"]],
                    "content": ["application/json": ["schema": schema]],
                ]),
        ]
    }

    static func responses(ok: JSON) -> JSON {
        [
            "200": ok,
            "304": ["$ref": "#/components/responses/Unchanged"],
            "400": ["$ref": "#/components/responses/BadQuery"],
            "401": ["$ref": "#/components/responses/NoLogin"],
            "403": ["$ref": "#/components/responses/OutOfScope"],
            "429": ["$ref": "#/components/responses/Busy"],
            "503": ["$ref": "#/components/responses/Unavailable"],
        ]
    }

    static let answerHeaders: JSON = [
        "ETag": ["$ref": "#/components/headers/ETag"],
        "Simpul-Model": ["$ref": "#/components/headers/Simpul-Model"],
        "Simpul-Cut": ["$ref": "#/components/headers/Simpul-Cut"],
        "Simpul-Completeness": ["$ref": "#/components/headers/Simpul-Completeness"],
        "Link": ["$ref": "#/components/headers/Link"],
    ]

    static let headers: JSON = [
        "ETag": ["description": "The same as long as the answer is", "schema": ["type": "string"]],
        "Simpul-Model": ["description": "Model and version: name/version", "schema": ["type": "string"]],
        "Simpul-Cut": ["description": "The cut of the answer", "schema": ["type": "integer", "minimum": 0]],
        "Simpul-Completeness": [
            "description": .string(
                "Nodes enrolled, reporting and silent, state and threshold, as a dictionary after RFC 9651; none for "
                    + "reference lists"),
            "schema": ["type": "string"],
        ],
        "Link": ["description": "The next page, after RFC 8288", "schema": ["type": "string"]],
    ]

    static let parameters: JSON = [
        "limit": parameter(
            "limit", "Rows of a page",
            ["type": "integer", "minimum": 1, "maximum": .int(Int64(QueryRequest.maximumLimit)), "default": 1_000]),
        "cursor": parameter("cursor", "Where a page starts, as the page before names it", ["type": "string"]),
        "scope": parameter(
            "scope", "Only rows of this region and those in it; the login's own region when left out",
            ["type": "string", "pattern": #"^(id|[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)$"#]),
        "as_of_cut": parameter(
            "as_of_cut", "Only what was known at this cut", ["type": "integer", "minimum": 0]),
        "true_at": parameter(
            "true_at", "Only what had happened by the end of this day", ["type": "string", "format": "date"]),
        "format": parameter(
            "format", "Instead of the Accept header",
            ["type": "string", "enum": .array(AnswerFormat.allCases.map { .string($0.rawValue) })]),
        "language": parameter(
            "language", "Of headings, instead of the Accept-Language header", ["type": "string", "enum": ["id", "en"]]),
    ]

    static let responses: JSON = [
        "Unchanged": ["description": "The client has the answer already"],
        "BadQuery": problem("A model, column, operator or value that does not exist; the answer names those that do"),
        "NoLogin": problem("No login, or a wrong one"),
        "OutOfScope": problem("Not for this role or region"),
        "Busy": problem("Too many requests or wrong passwords; Retry-After says when to try again"),
        "Unavailable": problem("The read models cannot be asked now"),
    ]

    private static func parameter(_ name: String, _ description: String, _ schema: JSON) -> JSON {
        ["name": .string(name), "in": "query", "description": .string(description), "schema": schema]
    }

    private static func problem(_ description: String) -> JSON {
        [
            "description": .string(description),
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
    }
}
