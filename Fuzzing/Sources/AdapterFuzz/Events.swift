@testable import Adapter

/// Events and schemas. A first byte of `s` says that the rest is a schema; otherwise it is an event of an action group with the schema below. What is
/// read is called within its route, whatever the values say.
@_cdecl("fuzz_events")
public func fuzzEvents(_ bytes: UnsafePointer<UInt8>?, _ count: Int) {
    guard count > 0, let bytes else { return }
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    if input[0] == UInt8(ascii: "s") {
        schema(Array(input.dropFirst()))
    } else {
        event(input)
    }
}

private func schema(_ document: [UInt8]) {
    do throws(ActionSchemaError) {
        let schema = try ActionSchema(json: document)
        let router = ActionRouter(schema: schema)
        for route in schema.routes {
            check(router.match(route.operation)?.entry.route == route, "a route is not found by its own name")
            for name in route.path.names {
                check(route.parameters.contains { $0.name == name && $0.isRequired }, "a name in a path is no required parameter")
            }
        }
    } catch {
        check(!error.problems.isEmpty, "a schema is refused without a reason")
    }
}

private func event(_ event: [UInt8]) {
    guard let request = try? ActionRequest(decoding: event) else { return }
    guard let match = shop.match(request.operation), let route = match.entry.route else { return }
    let body = route.body(sent: request.body.keys)
    let read = InputReader.read(route.inputs(with: body), from: request, body: body, pathValues: match.pathValues)
    guard let call = try? UpstreamRequestBuilder.build(route, body: body, values: read.values) else { return }
    var path = Array(call.path.utf8)
    // However often somebody on the way decodes it.
    for _ in 0..<4 {
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        check(parts.count == route.path.segments.count + 1, "a value has left its part of the path")
        check(!parts.contains { $0.elementsEqual("..".utf8) || $0.elementsEqual(".".utf8) }, "a value leads elsewhere")
        path = PercentText.decodedBytes(path)
    }
    check((call.path + (call.query ?? "")).utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }, "a character is not encoded")
    for header in call.headers { check(header.value.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "a header has another line") }
}

private let shop: ActionRouter = {
    let text = #"""
        {"paths":{"/n/{o}":{"get":{"parameters":[{"name":"o","in":"path","schema":{"type":"string"}},{"name":"q","in":"query","schema":{"type":"array","items":{"type":"integer"}}},
        {"name":"X-T","in":"header","schema":{"type":"string"}}]},"post":{"parameters":[{"name":"o","in":"path","schema":{"type":"string"}}],"requestBody":{"content":{"application/json":
        {"schema":{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"object","properties":{"c":{"type":"boolean"}}},"d":{"type":"array","items":{"type":"array"}}}}}}}}}}}
        """#
    return ActionRouter(schema: try? ActionSchema(json: Array(text.utf8)))
}()

private func check(_ condition: Bool, _ what: String) {
    precondition(condition, what)
}
