import JSON
import TestSupport
import Testing

@testable import Adapter

@Suite("Calls of the upstream API, rebuilt")
struct UpstreamRequestBuilderTests {
    private func route(_ path: String, _ method: ActionMethod, _ parameters: [ActionInput], body: [ActionInput]? = nil, form: Bool = false)
        throws -> ActionRoute
    {
        ActionRoute(
            operation: .api(method: method.rawValue, path: path), method: method, path: try PathTemplate(path), parameters: parameters,
            bodies: body.map {
                [
                    ActionBody(
                        contentType: form ? "application/x-www-form-urlencoded" : "application/json", format: form ? .form : .json,
                        properties: $0)
                ]
            } ?? [], requiresBody: false, requiresConfirmation: false)
    }

    private func built(_ route: ActionRoute, _ values: [String: ActionValue]) throws -> UpstreamRequest {
        try UpstreamRequestBuilder.build(route, body: route.bodies.first, values: values)
    }

    @Test("path, query, headers and body hold the values, encoded; what is not declared is in none of them")
    func whole() throws {
        let route = try self.route(
            "/nfts/{owner}/by:{kind}", .post,
            [
                ActionInput("owner", in: .path, isRequired: true), ActionInput("kind", in: .path), ActionInput("q"),
                ActionInput("tags", .array(of: .string)),
                ActionInput("X-Trace", in: .header),
            ],
            body: [ActionInput("price", .number, in: .body), ActionInput("note", in: .body), ActionInput("absent", in: .body)])
        let request = try self.built(
            route,
            [
                "owner": .string("a b&c=d?e#f%zz"), "kind": .string("ä"), "q": .string("x&admin=1#\r\n"),
                "tags": .array([.string("1"), .string("2,3")]),
                "X-Trace": .string("t 1"), "price": .number("12345678901234567890.10"), "note": .string("\"\n"), "undeclared": .string("x"),
            ])
        #expect(request.method == .post)
        #expect(request.path == "/nfts/a%20b%26c%3Dd%3Fe%23f%25zz/by:%C3%A4")
        #expect(request.query == "q=x%26admin%3D1%23%0D%0A&tags=1&tags=2%2C3")
        #expect(request.headers == [UpstreamRequest.Header(name: "X-Trace", value: "t 1")])
        #expect(request.body?.contentType == "application/json")
        #expect(String(decoding: request.body?.bytes ?? [], as: UTF8.self) == #"{"price":12345678901234567890.10,"note":"\"\n"}"#)
    }

    @Test("a form is written as one; without any property there is no body")
    func form() throws {
        let route = try self.route(
            "/a", .post, [], body: [ActionInput("a b", in: .body), ActionInput("list", .array(of: .integer), in: .body)], form: true)
        let request = try self.built(route, ["a b": .string("x=y&z"), "list": .array([.number("1"), .number("2")])])
        #expect(String(decoding: request.body?.bytes ?? [], as: UTF8.self) == "a%20b=x%3Dy%26z&list=1&list=2")
        #expect(try self.built(route, [:]).body == nil)
    }

    @Test("lists and objects stand in a query as their style says, and an object's own names never become parameters")
    func styles() throws {
        var joined = ActionInput("ids", .array(of: .integer))
        joined.style = .joined
        var deep = ActionInput("filter", .anyObject)
        deep.style = .deep
        let declared = ActionInput("range", .object(properties: ["from": .integer, "to": .integer], isOpen: true))
        let route = try self.route("/a", .get, [joined, deep, declared, ActionInput("open", .anyObject)])
        let request = try self.built(
            route,
            [
                "ids": .array([.number("1"), .number("2")]), "filter": .object(["a&b": .string("1"), "c": .boolean(true)]),
                "range": .object(["from": .number("1"), "admin": .string("1")]), "open": .object(["admin": .string("1")]),
            ])
        #expect(request.query == "ids=1%2C2&filter%5Ba%26b%5D=1&filter%5Bc%5D=true&from=1&open=%7B%22admin%22%3A%221%22%7D")
    }

    private static let unsafe = [
        "", ".", "..", "/", "a/b", "..\\..", "a\\b", "a\u{0}b", "%2e", "%2E%2e", "%2f", "a%2Fb", "%5c", "%00", "%252e%252e", "%252f",
        "%25252f", "%25252525252e.",
        "..;", "..;x=1", "%2e%2e;", ".%3b", "%c0%af", "%c0%ae%c0%ae", "%e0%80%af", "%u002f", "%u005C", "%U002e%u002E", "%25u002f", "a\nb",
        "a%0d%0ab", "\t", "\u{7f}",
        " ..", ".. ", "...", "%ff", String(repeating: "a", count: 2000), String(repeating: "%25", count: 300) + "2f",
    ]

    @Test("nothing in a path's value can be taken for a part of the path", arguments: Self.unsafe)
    func unsafePath(value: String) throws {
        let route = try self.route("/nfts/{owner}", .get, [ActionInput("owner", in: .path, isRequired: true)])
        do throws(UpstreamRequestBuilder.Refusal) {
            let request = try UpstreamRequestBuilder.build(route, body: nil, values: ["owner": .string(value)])
            Issue.record("\(request.path)")
        } catch {
            #expect(error.problems.count == 1 && error.problems[0].hasPrefix("owner stands in a path"))
            #expect(value.utf8.count < 3 || !error.problems[0].contains(value))
        }
    }

    @Test(
        "what merely looks odd is sent, encoded",
        arguments: ["100%", "a.b", "..a", "a;b", "0x5aAeb6", "ä ö", "a:b@c", "%zz", "x%2", "~_-.x"])
    func oddPath(value: String) throws {
        let route = try self.route("/{v}/x", .get, [ActionInput("v", in: .path, isRequired: true)])
        let path = try self.built(route, ["v": .string(value)]).path
        #expect(path == "/\(PercentText.encoded(value))/x" && PercentText.decoded(path.dropFirst().dropLast(2)) == value)
    }

    @Test("whatever a model writes, the path has the template's parts and no others")
    func fuzzedPath() throws {
        let route = try self.route("/a/{v}/b", .get, [ActionInput("v", in: .path, isRequired: true)])
        var mutator = DocumentMutator(
            ["..", "%2e%2e%2f", "..%5c", "a/../b", "%252e", "%c0%ae", "ordinary-value_1", "..;/", "?x=1#y", "http://evil"], seed: 4)
        var sent = 0
        for _ in 0..<50_000 {
            let value = String(decoding: mutator.next(), as: UTF8.self)
            guard let path = try? self.built(route, ["v": .string(value)]).path else { continue }
            sent += 1
            var bytes = Array(path.utf8)
            // However often somebody on the way decodes it.
            for _ in 0..<6 {
                let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Array($0) }
                #expect(parts.count == 4 && parts[1] == Array("a".utf8) && parts[3] == Array("b".utf8), "\(value)")
                #expect(parts[2] != Array("..".utf8) && parts[2] != Array(".".utf8) && !bytes.contains(UInt8(ascii: "\\")), "\(value)")
                bytes = PercentText.decodedBytes(bytes)
            }
        }
        #expect(sent > 5000)
    }

    @Test(
        "a header's value is one printable line",
        arguments: ["a\r\nX-Admin: 1", "a\nb", "a\rb", "\u{0}", "ä", "a\tb", String(repeating: "a", count: 5000)])
    func unsafeHeader(value: String) throws {
        let route = try self.route("/a", .get, [ActionInput("X-Trace", in: .header)])
        #expect(throws: UpstreamRequestBuilder.Refusal.self) { try self.built(route, ["X-Trace": .string(value)]) }
    }

    @Test("a call that no server would take is refused before it is sent")
    func tooLong() throws {
        let route = try self.route("/a", .get, [ActionInput("q")])
        #expect(throws: UpstreamRequestBuilder.Refusal.self) { try self.built(route, ["q": .string(String(repeating: "ä", count: 3000))]) }
        let body = try self.route("/a", .post, [], body: [ActionInput("x", in: .body)])
        #expect(throws: UpstreamRequestBuilder.Refusal.self) {
            try self.built(body, ["x": .string(String(repeating: "a", count: 1 << 21))])
        }
    }
}
