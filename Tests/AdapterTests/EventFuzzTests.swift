import JSON
import SessionStore
import TestSupport
import Testing

@testable import Adapter

/// Whatever is sent as an event or given as a schema, it is read or refused with a sentence; what is read stays in its place.
@Suite("Events and schemas that are nearly right")
struct EventFuzzTests {
    private static let events: [String] = [
        BedrockEvents.api("POST", wallet: BedrockEvents.wallet, user: "ada"), BedrockEvents.function("rememberWallet", wallet: "x"),
        ActionEvents.api("GET", "/nfts/{owner}", [("owner", .string(BedrockEvents.wallet)), ("limit", "5")]),
        ActionEvents.api("GET", "/nfts/a%2fb", [("limit", "[1, 2]")]),
        ActionEvents.api(
            "POST", "/orders", body: [("nft", "Ape"), ("quantity", "2"), ("gift", "true"), ("buyer", .string(BedrockEvents.wallet))]),
        ActionEvents.api("DELETE", "/orders/{id}", [("id", "..%2f..")]),
    ].map { String(decoding: $0.encoded, as: UTF8.self) }

    @Test("each of many broken events is refused with a sentence, or is a call within its route", arguments: [1, 2] as [UInt64])
    func events(seed: UInt64) {
        var mutator = DocumentMutator(Self.events, seed: seed)
        let router = ActionRouter(schema: ActionEvents.shop)
        for round in 0..<DocumentMutator.inputs(usually: 20_000) / 2 {
            let event = mutator.next()
            do throws(ActionDecodingError) {
                let request = try ActionRequest(decoding: event)
                #expect((2...100).contains(request.sessionID.rawValue.utf8.count), "seed \(seed), round \(round)")
                guard let match = router.match(request.operation), let route = match.entry.route else { continue }
                let body = route.body(sent: request.body.keys)
                let read = InputReader.read(route.inputs(with: body), from: request, body: body, pathValues: match.pathValues)
                #expect(read.problems.allSatisfy { $0.utf8.count < 200 }, "seed \(seed), round \(round)")
                guard let call = try? UpstreamRequestBuilder.build(route, body: body, values: read.values) else { continue }
                let parts = call.path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                #expect(parts.count == route.path.segments.count + 1, "seed \(seed), round \(round)")
                #expect((call.path + (call.query ?? "")).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "seed \(seed), round \(round)")
                if let bytes = call.body?.bytes {
                    #expect((try? JSONValue(parsing: bytes)) != nil || body?.format == .form, "seed \(seed), round \(round)")
                }
            } catch {
                #expect(!error.message.isEmpty && error.message.utf8.count < 300, "seed \(seed), round \(round)")
            }
        }
    }

    private static let schemas = [
        ##"{"openapi":"3.0.3","paths":{"/a/{id}":{"parameters":[{"$ref":"#/components/parameters/id"}],"get":{"parameters":[{"name":"q","in":"query","explode":false,"schema":{"type":"array","items":{"type":"integer"}}}]},"post":{"requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/A"}}}}}}},"components":{"parameters":{"id":{"name":"id","in":"path","schema":{"type":"string"},"x-remember":"wallet_address"}},"schemas":{"A":{"allOf":[{"$ref":"#/components/schemas/B"},{"type":"object","required":["x"],"properties":{"x":{"type":"number"}}}]},"B":{"type":"object","properties":{"b":{"$ref":"#/components/schemas/B"},"l":{"type":"array","items":{"$ref":"#/components/schemas/A"}}}}}}}"##,
        #"{"functions":[{"name":"listNFTs","requireConfirmation":"ENABLED","x-upstream":"GET /nfts/{wallet}","parameters":{"wallet":{"type":"string","required":true,"x-remember":"wallet_address"},"n":{"type":"integer","required":false}}}]}"#,
    ]

    @Test("each of many broken schemas is refused with sentences, or can be called as it says", arguments: [3, 4] as [UInt64])
    func schemas(seed: UInt64) {
        var mutator = DocumentMutator(Self.schemas, seed: seed)
        for round in 0..<DocumentMutator.inputs(usually: 20_000) / 2 {
            do throws(ActionSchemaError) {
                let schema = try ActionSchema(json: mutator.next())
                let router = ActionRouter(schema: schema)
                for route in schema.routes {
                    #expect(router.match(route.operation)?.entry.route == route, "seed \(seed), round \(round)")
                    #expect(
                        route.path.names.allSatisfy { name in route.parameters.contains { $0.name == name && $0.isRequired } },
                        "seed \(seed), round \(round)")
                }
            } catch {
                #expect(!error.problems.isEmpty && error.problems.count <= 200, "seed \(seed), round \(round)")
            }
        }
    }
}
