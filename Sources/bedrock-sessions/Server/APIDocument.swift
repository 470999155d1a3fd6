import JSON

/// What `serve` answers, as an OpenAPI document.
///
/// Source: OpenAPI Specification 3.1.0, https://spec.openapis.org/oas/v3.1.0. The paths are the routes' own; a test asks each of them.
enum APIDocument {
    static func document(needsToken: Bool) -> JSONValue {
        var document: JSONValue = [
            "openapi": "3.1.0",
            "info": [
                "title": "bedrock-sessions", "version": .string(Program.version),
                "description": "Sessions of agents on Amazon Bedrock, and the wallets they remember.",
            ],
            "paths": Self.paths(needsToken),
            "components": [
                "parameters": Self.parameters, "schemas": Self.schemas, "responses": Self.responses,
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            ],
        ]
        if needsToken { document["security"] = [["token": []]] }
        return document
    }

    private static func paths(_ needsToken: Bool) -> JSONValue {
        let session = Operations(needsToken: needsToken, parameters: ["SessionID", "User"])
        let wallet = Operations(needsToken: needsToken, parameters: ["SessionID", "User"])
        let plain = Operations(needsToken: needsToken, parameters: [])
        let open = Operations(needsToken: false, parameters: [])
        return [
            "/v1/sessions/{id}": [
                "get": session.operation("Read a session.", ["200": "Session", "404": "Problem"]),
                "put": session.operation("Replace its fields; begin it where there is none.", ["200": "Session"], body: "Fields"),
                "patch": session.operation("Set fields, remove those that are null.", ["200": "Session"], body: "Changes"),
                "delete": session.operation("Remove it.", ["204": nil, "404": "Problem"]),
            ],
            "/v1/sessions/{id}/wallet": [
                "get": wallet.operation("What is remembered.", ["200": "RememberedWallet", "404": "Problem"]),
                "put": wallet.operation("Remember a wallet.", ["200": "Wallet"], body: "NewWallet"),
                "patch": wallet.operation("Remember a wallet, or forget it: null.", ["200": "Wallet", "204": nil], body: "ChangedWallet"),
                "delete": wallet.operation("Forget it.", ["204": nil, "404": "Problem"]),
            ],
            "/2015-03-31/functions/function/invocations": [
                "post": plain.operation("An event of a Bedrock action group.", ["200": "Answer"], body: "Event")
            ],
            "/healthz": ["get": open.operation("The process runs.", ["200": "Status"])],
            "/readyz": ["get": open.operation("The store answers.", ["200": "Readiness"])],
            "/metrics": ["get": plain.operation("What was counted, as Prometheus reads it.", ["200": "Metrics"])],
            "/openapi.json": ["get": plain.operation("This document.", ["200": "Document"])],
        ]
    }

    /// Operations with the same parameters, and the refusals that any of them may answer with.
    private struct Operations {
        var needsToken: Bool
        var parameters: [String]

        func operation(_ summary: String, _ answers: [String: String?], body: String? = nil) -> JSONValue {
            var responses: [JSONValue.Member] = answers.sorted { $0.key < $1.key }.map { status, schema in
                .init(status, schema.map { APIDocument.response($0) } ?? ["description": "Done; there is nothing to show."])
            }
            var refusals = ["403", "500", "503", "504"]
            if !self.parameters.isEmpty || body != nil { refusals.append("400") }
            if body != nil { refusals += ["409", "413", "415"] }
            if self.needsToken { refusals.append("401") }
            for status in refusals.sorted() where answers[status] == nil {
                responses.append(.init(status, ["$ref": "#/components/responses/Refusal"]))
            }
            if answers["409"] == nil, body == nil, !self.parameters.isEmpty {
                responses.append(.init("409", ["$ref": "#/components/responses/Refusal"]))
            }
            var operation: JSONValue = ["summary": .string(summary), "responses": .object(responses)]
            if !self.parameters.isEmpty {
                operation["parameters"] = .array(self.parameters.map { ["$ref": .string("#/components/parameters/\($0)")] })
            }
            if let body {
                operation["requestBody"] = [
                    "required": .bool(body != "Event"),
                    "content": ["application/json": ["schema": ["$ref": .string("#/components/schemas/\(body)")]]],
                ]
            }
            if !self.needsToken { operation["security"] = [] }
            return operation
        }
    }

    private static func response(_ schema: String) -> JSONValue {
        if schema == "Problem" { return ["$ref": "#/components/responses/Refusal"] }
        let type = schema == "Metrics" ? "text/plain" : "application/json"
        return [
            "description": .string(schema),
            "content": [type: ["schema": ["$ref": .string("#/components/schemas/\(schema)")]]],
        ]
    }

    private static let responses: JSONValue = [
        "Refusal": [
            "description": "Why it was refused, and what to do.",
            "content": ["application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]]],
        ]
    ]

    private static let parameters: JSONValue = [
        "SessionID": [
            "name": "id", "in": "path", "required": true, "description": "The session's id.",
            "schema": ["type": "string", "pattern": "^[0-9a-zA-Z._:-]{2,100}$"],
        ],
        "User": [
            "name": "X-User-Id", "in": "header", "required": false, "description": "On whose behalf; nobody's without it.",
            "schema": ["type": "string", "pattern": #"^[!"$-z|~]{1,128}$"#],
        ],
    ]

    private static let schemas: JSONValue = [
        "Fields": ["type": "object", "required": ["data"], "properties": ["data": ["type": "object"]]],
        "Changes": ["type": "object", "required": ["data"], "properties": ["data": ["type": "object"]]],
        "Session": [
            "type": "object", "required": ["id", "data", "origin"],
            "properties": [
                "id": ["type": "string"], "user": ["type": ["string", "null"]], "data": ["type": "object"],
                "version": ["type": ["integer", "null"]], "expiration": ["type": ["integer", "null"]],
                "origin": ["enum": ["table", "cache", "stale"]],
            ],
        ],
        "NewWallet": ["type": "object", "required": ["wallet_address"], "properties": ["wallet_address": ["type": "string"]]],
        "ChangedWallet": [
            "type": "object", "required": ["wallet_address"], "properties": ["wallet_address": ["type": ["string", "null"]]],
        ],
        "Wallet": [
            "type": "object", "required": ["wallet_address", "chain"],
            "properties": ["wallet_address": ["type": "string"], "chain": ["type": "string"]],
        ],
        "RememberedWallet": [
            "type": "object", "required": ["wallet_address", "chain", "source"],
            "properties": [
                "wallet_address": ["type": "string"], "chain": ["type": "string"], "source": ["enum": ["memory", "session"]],
            ],
        ],
        // Whatever comes is answered in the style that it seems to have: by an agent's action group, or with what is wrong with it.
        "Event": [:],
        "Answer": ["type": "object"],
        "Status": ["type": "object", "required": ["status"], "properties": ["status": ["const": "ok"]]],
        "Readiness": ["type": "object", "required": ["status"], "properties": ["status": ["type": "string"]]],
        "Metrics": ["type": "string"],
        "Document": ["type": "object", "required": ["openapi", "paths"]],
        "Problem": [
            "type": "object", "required": ["type", "title", "status", "code", "detail"],
            "properties": [
                "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"], "code": ["type": "string"],
                "detail": ["type": "string"],
            ],
        ],
    ]
}
