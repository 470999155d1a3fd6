import JSON
import Testing

@testable import Adapter

@Suite("Schemas of action groups")
struct ActionSchemaTests {
    private func schema(_ text: String) throws -> ActionSchema { try ActionSchema(json: Array(text.utf8)) }

    private func problems(_ text: String) -> [String] {
        do throws(ActionSchemaError) {
            _ = try ActionSchema(json: Array(text.utf8))
            return []
        } catch {
            return error.problems
        }
    }

    @Test("an OpenAPI document is read whole: places, types, what is required, references, bodies, what is remembered")
    func openAPI() throws {
        let schema = try self.schema(
            """
            {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "x-anything": 1, "paths": {
              "x-note": "ignored",
              "/nfts/{owner}/offers": {
                "parameters": [{"name": "owner", "in": "path", "required": true, "schema": {"type": "string"}, "x-remember": "wallet_address"}],
                "get": {"operationId": "offers", "parameters": [
                    {"$ref": "#/components/parameters/Limit"},
                    {"name": "tags", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
                    {"name": "X-Trace", "in": "header", "schema": {"type": "string"}},
                    {"name": "Authorization", "in": "header", "schema": {"type": "string"}},
                    {"name": "theme", "in": "cookie", "schema": {"type": "string"}}],
                  "responses": {}},
                "post": {"x-requireConfirmation": "ENABLED", "requestBody": {"required": true, "content": {
                    "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Offer"}},
                    "application/json; charset=utf-8": {"schema": {"$ref": "#/components/schemas/Offer"}},
                    "text/csv": {}}}}
              }},
             "components": {
               "parameters": {"Limit": {"name": "limit", "in": "query", "schema": {"type": "integer"}, "required": true}},
               "schemas": {
                 "Offer": {"allOf": [
                    {"type": "object", "required": ["price"], "properties": {"price": {"type": "number"}}},
                    {"properties": {"buyer": {"$ref": "#/components/schemas/Wallet"}, "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}}}}]},
                 "Wallet": {"type": "string", "x-remember": "wallet_address"},
                 "Part": {"type": "object", "properties": {"id": {"type": ["integer", "null"]}, "inner": {"$ref": "#/components/schemas/Part"}}}}}}
            """)
        #expect(schema.routes.map(\.name) == ["GET /nfts/{owner}/offers", "POST /nfts/{owner}/offers"])
        let read = schema.routes[0]
        #expect(!read.acts && !read.requiresConfirmation && read.bodies.isEmpty)
        #expect(read.parameters.map(\.name) == ["owner", "limit", "tags", "X-Trace"])
        #expect(read.parameters.map(\.place) == [.path, .query, .query, .header])
        #expect(read.parameters.map(\.type) == [.string, .integer, .array(of: .integer), .string])
        #expect(read.parameters.map(\.isRequired) == [true, true, false, false])
        #expect(read.parameters[0].remembers == "wallet_address" && read.parameters[2].style == .joined)
        let write = schema.routes[1]
        #expect(write.acts && write.requiresConfirmation && write.requiresBody)
        #expect(write.bodies.map(\.contentType) == ["application/json; charset=utf-8", "application/x-www-form-urlencoded"])
        #expect(write.bodies[0].properties.map(\.name) == ["price", "buyer", "parts"])
        #expect(write.bodies[0].properties.map(\.isRequired) == [true, false, false])
        #expect(write.bodies[0].properties[1].remembers == "wallet_address")
        // A type that contains itself ends where it does so.
        let part = ActionValueType.object(properties: ["id": .integer, "inner": .anyObject], isOpen: false)
        #expect(write.bodies[0].properties[2].type == .array(of: part))
    }

    @Test("function details are read: types, what is required, confirmation, the call they stand for")
    func functions() throws {
        let schema = try self.schema(
            """
            {"functions": [
              {"name": "listNFTs", "description": "d", "x-upstream": "GET /nfts/{owner}", "parameters": {
                 "owner": {"type": "string", "required": true, "description": "d", "x-remember": "wallet_address"},
                 "limit": {"type": "integer", "required": false}}},
              {"name": "mint", "requireConfirmation": "ENABLED", "parameters": {"count": {"type": "integer", "required": true}}},
              {"name": "burn", "x-upstream": "DELETE /nfts/{id}", "parameters": {"id": {"type": "string"}, "reason": {"type": "string"}}},
              {"name": "ping"}]}
            """)
        #expect(schema.routes.map(\.name) == ["listNFTs", "mint", "burn", "ping"])
        #expect(schema.routes.map(\.method) == [.get, .post, .delete, .post])
        #expect(schema.routes.map(\.path.text) == ["/nfts/{owner}", "/mint", "/nfts/{id}", "/ping"])
        #expect(
            schema.routes[0].parameters.map(\.place) == [.path, .query] && schema.routes[0].parameters[0].remembers == "wallet_address")
        #expect(schema.routes[1].requiresConfirmation && schema.routes[1].bodies[0].properties.map(\.isRequired) == [true])
        #expect(schema.routes[2].parameters.map(\.place) == [.path, .query] && schema.routes[2].parameters[0].isRequired)
        let wrapped = try self.schema(#"{"functionSchema": {"functions": [{"name": "ping"}]}}"#)
        #expect(wrapped.routes == [schema.routes[3]])
    }

    @Test("everything that is wrong is said at once, and where")
    func allProblems() {
        let problems = self.problems(
            """
            {"openapi": "3.0.0", "paths": {
              "/a/{id}": {"get": {"parameters": [{"name": "other", "in": "path"}, {"in": "query"}, {"name": "x", "in": "matrix"},
                  {"name": "n", "in": "query", "schema": {"type": "int"}}, {"name": "Host", "in": "header"},
                  {"name": "c", "in": "cookie", "required": true}]}},
              "/b": {"post": {"requestBody": {"content": {"multipart/form-data": {}}}},
                     "put": {"requestBody": {"content": {"application/json": {"schema": {"type": "array"}}}}},
                     "patch": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Loop"}}}}}},
              "c": {}, "/d/{x}{y}": {}, "/e/../f": {},
              "/f": {"get": {"parameters": [{"$ref": "https://example.com/p.json"}, {"name": "a", "in": "query", "x-remember": 7}]}}},
             "components": {"schemas": {"Loop": {"$ref": "#/components/schemas/Pool"}, "Pool": {"$ref": "#/components/schemas/Loop"}}}}
            """)
        let expected = [
            "paths./a/{id}.get.parameters[1]: a parameter has a name", "parameters[2]: the parameter x is in matrix",
            "parameters[3].schema: the type int is none of", "parameters[4]: the header Host cannot be", "the cookie c is required",
            "{id} is not declared", "the parameter other is in path, but", "paths./b.post.requestBody: none of its content types",
            "paths./b.put.requestBody.content.application/json.schema: a body is an object", "leads back to itself",
            "paths.c: a path begins with a slash", "paths./d/{x}{y}: a path has something between", "paths./e/../f: a path has no parts",
            "there is no https://example.com/p.json", "x-remember is the name",
        ]
        for sentence in expected { #expect(problems.contains { $0.contains(sentence) }, "\(sentence)") }
        #expect(problems.count == expected.count, "\(problems)")
    }

    @Test(
        "what is no schema is said so",
        arguments: [
            ("{", "cannot be read"), ("[]", "neither paths nor functions"), (#"{"paths": {}}"#, "no action"),
            (#"{"paths": 1}"#, "it is an object"),
            (#"{"swagger": "2.0", "paths": {}}"#, "convert"), (#"{"openapi": "2", "paths": {"/a": {"get": {}}}}"#, "OpenAPI 3.0"),
            (#"{"functions": 1}"#, "it is a list"), (#"{"functions": [{"name": "a b"}]}"#, "a function has a name"),
            (#"{"functions": [{"name": "a"}, {"name": "a"}]}"#, "a is declared twice"),
            (#"{"functions": [{"name": "a", "x-upstream": "GET"}]}"#, "x-upstream is a method and a path"),
            (#"{"functions": [{"name": "a", "x-upstream": "GET /{b}"}]}"#, "x-upstream has {b}"),
            (
                #"{"paths": {"/a/{x}": {"get": {"parameters": [{"name": "x", "in": "path"}]}}, "/a/{y}": {"get": {"parameters": [{"name": "y", "in": "path"}]}}}}"#,
                "take the same paths"
            ),
        ])
    func refused(text: String, sentence: String) {
        let problems = self.problems(text)
        #expect(problems.contains { $0.contains(sentence) }, "\(problems)")
    }

    @Test("references name members with slashes and tildes in them as JSON pointers do")
    func pointers() throws {
        let schemas: JSONValue = ["a/b~c": ["type": "integer"], "~1": ["type": "boolean"]]
        let parameters: JSONValue = [
            ["name": "x", "in": "query", "schema": ["$ref": "#/components/schemas/a~1b~0c"]],
            ["name": "y", "in": "query", "schema": ["$ref": "#/components/schemas/~01"]],
        ]
        let document: JSONValue = ["paths": ["/a": ["get": ["parameters": parameters]]], "components": ["schemas": schemas]]
        let schema = try ActionSchema(json: document.encoded)
        #expect(schema.routes.first?.inputs(with: nil).map(\.type) == [.integer, .boolean])
    }

    @Test("references that multiply end, in time", .timeLimit(.minutes(1)))
    func multiplied() {
        // Ten schemas, each of which has ten properties of the next one's type.
        var schemas: JSONValue = ["S10": ["type": "string"]]
        for level in 0..<10 {
            let next: JSONValue = ["$ref": .string("#/components/schemas/S\(level + 1)")]
            schemas["S\(level)"] = ["type": "object", "properties": .object((0..<10).map { JSONValue.Member("p\($0)", next) })]
        }
        let body: JSONValue = ["content": ["application/json": ["schema": ["$ref": "#/components/schemas/S0"]]]]
        let document: JSONValue = ["paths": ["/a": ["post": ["requestBody": body]]], "components": ["schemas": schemas]]
        let problems = self.problems(String(decoding: document.encoded, as: UTF8.self))
        #expect(problems.count == 1 && problems[0].contains("multiply"))
    }

    @Test("paths are matched as the schema spells them, and filled in, slash or no slash at the end")
    func paths() throws {
        let template = try PathTemplate("/nfts/{owner}/v1:{kind}.json")
        #expect(template.isNamed(by: ConcretePath("/nfts/{owner}/v1:{kind}.json/")) && template.names == ["owner", "kind"])
        #expect(template.values(in: ConcretePath("/nfts/0xAb/v1:art.json")) == ["owner": "0xAb", "kind": "art"])
        #expect(template.values(in: ConcretePath("/nfts/a%20b/v1:x.json/")) == ["owner": "a b", "kind": "x"])
        for other in ["/nfts/0xAb", "/nfts//v1:art.json", "/nfts/a/b/v1:art.json", "/nfts/0xAb/v2:art.json", "/nfts/0xAb/v1:.json", "nfts"]
        {
            #expect(template.values(in: ConcretePath(other)) == nil, "\(other)")
        }
        #expect(try PathTemplate("/{a}-to-{b}").values(in: ConcretePath("/x-t-to-y-to-z")) == ["a": "x-t", "b": "y-to-z"])
        #expect(try PathTemplate("/").values(in: ConcretePath("/")) == [:])
        #expect(try PathTemplate("/a/b").isMoreSpecific(than: PathTemplate("/a/{x}")))
        #expect(try !PathTemplate("/{x}/b").isMoreSpecific(than: PathTemplate("/a/{x}")))
    }
}
