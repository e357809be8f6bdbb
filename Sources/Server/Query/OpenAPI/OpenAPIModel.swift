import Catalogue
import Event
import ReadModels

/// One model's part of the document: its rows, and the parameters that filter them.
struct OpenAPIModel {
    let info: ModelInfo

    /// `case_board` names the schema `CaseBoardRow`.
    private var rowName: String {
        info.name.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Row"
    }

    var rowSchema: JSONMember {
        JSONMember(
            rowName,
            [
                "type": "object",
                "title": .string(info.title.en),
                "description": .string(info.about),
                "properties": .object(info.columns.map { JSONMember($0.name, $0.schema(nullable: true)) }),
                "required": .array(info.columns.map { .string($0.name) }),
            ])
    }

    var rowsOperation: JSON {
        [
            "operationId": .string("get_" + info.name),
            "summary": .string(info.title.en),
            "description": .string(info.about),
            "tags": [.string(info.kind.rawValue)],
            "parameters": .array(
                filters + [sort] + Self.shared.map { ["$ref": .string("#/components/parameters/" + $0)] }),
            "responses": OpenAPIShared.responses(
                ok: [
                    "description": "Rows, in the format asked for",
                    "headers": OpenAPIShared.answerHeaders,
                    "content": [
                        "application/json": ["schema": answerSchema],
                        "application/x-ndjson": ["schema": ["$ref": .string("#/components/schemas/" + rowName)]],
                        "text/csv": ["schema": ["type": "string"]],
                        "text/plain": ["schema": ["type": "string"]],
                    ],
                ]),
        ]
    }

    var explainOperation: JSON {
        let key: JSON = [
            "name": "key", "in": "query", "required": true, "style": "form", "explode": false,
            "description": .string("The row's key: \(info.key.joined(separator: ", "))"),
            "schema": [
                "type": "array", "prefixItems": .array(info.key.map(keyPart)), "items": ["type": "string"],
                "minItems": .int(Int64(info.key.count)),
                "maxItems": .int(Int64(info.key.count)),
            ],
        ]
        return OpenAPIShared.operation(
            id: "explain_" + info.name, summary: "The lines behind a row: \(info.title.en)",
            parameters: [key]
                + ["scope", "as_of_cut", "true_at", "language"].map {
                    ["$ref": .string("#/components/parameters/" + $0)]
                },
            schema: ["$ref": "#/components/schemas/Explanation"])
    }

    private func keyPart(_ name: String) -> JSON {
        let isInteger = info.columns.first { $0.name == name }?.type.isInteger == true
        return isInteger ? ["type": "string", "pattern": "^-?[0-9]{1,18}$"] : ["type": "string"]
    }

    private static let shared = ["limit", "cursor", "scope", "as_of_cut", "true_at", "format", "language"]

    private var answerSchema: JSON {
        [
            "allOf": [
                ["$ref": "#/components/schemas/Answer"],
                [
                    "type": "object",
                    "properties": [
                        "rows": ["type": "array", "items": ["$ref": .string("#/components/schemas/" + rowName)]]
                    ],
                ],
            ]
        ]
    }

    private var sort: JSON {
        let columns = info.columns.flatMap { [JSON.string($0.name), .string("-" + $0.name)] }
        return [
            "name": "sort", "in": "query", "style": "form", "explode": false,
            "description": "Columns to order by, most important first; -COLUMN for the largest first",
            "schema": ["type": "array", "minItems": 1, "items": ["type": "string", "enum": .array(columns)]],
        ]
    }

    private var filters: [JSON] {
        info.columns.flatMap { column in
            QueryOperator.allowed(for: column.type).compactMap { filter(column, $0) }
        }
    }

    /// A column whose bare name is another parameter's is filtered with its operator alone.
    private func filter(_ column: ModelColumn, _ comparison: QueryOperator) -> JSON? {
        let isReserved = QueryRequest.Reserved(rawValue: column.name) != nil
        let name = comparison == .eq && !isReserved ? column.name : column.name + "." + comparison.rawValue
        let value = column.filterSchema(for: comparison)
        return [
            "name": .string(name), "in": "query", "style": "form", "explode": false,
            "description": .string("\(column.label.en): \(comparison.meaning)"),
            "schema": comparison.takesSeveral ? ["type": "array", "minItems": 1, "items": value] : value,
        ]
    }
}
