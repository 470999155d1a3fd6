import AWS
import EventLoop
import Logging
import Settings
import TestSupport
import Testing

@testable import Adapter
@testable import Wiring

@Suite("Actions as they are configured", .timeLimit(.minutes(1)))
struct ActionSettingsTests {
    private static let schema = #"{"functions":[{"name":"ping"}]}"#

    private func services(_ setting: ActionSetting, environment: [String: String] = [:]) async throws -> (
        schema: ActionSchema?, problems: [String]
    ) {
        let loop = try UVLoop()
        var problems: [String] = []
        let services = ActionServices(setting, schema: nil, loop: loop, environment: Environment(environment), &problems)
        await services.upstream?.close()
        await loop.shutdown()
        return (services.schema, problems)
    }

    @Test("a schema is read from the file that is named, or from schema.json beside the function's code")
    func files() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("schema.json", Array(Self.schema.utf8))
        #expect(try await self.services(ActionSetting(schema: path)).schema?.routes.map(\.name) == ["ping"])
        #expect(try await self.services(ActionSetting(), environment: ["LAMBDA_TASK_ROOT": folder.path]).schema != nil)
        let empty = try TemporaryFolder()
        let none = try await self.services(ActionSetting(), environment: ["LAMBDA_TASK_ROOT": empty.path])
        #expect(none.schema == nil && none.problems.isEmpty)
    }

    @Test("what is wrong with a schema or its file is said with the variable's name")
    func wrongFiles() async throws {
        let folder = try TemporaryFolder()
        let wrong = try folder.file("wrong.json", Array(#"{"functions":[{"name":"a b"},{"name":1}]}"#.utf8))
        let yaml = try folder.file("openapi.yaml", [])
        for (path, count, text) in [
            (wrong, 2, "a function has a name"), (yaml, 1, "schema FILE --json"), (folder.file("none.json"), 1, "cannot be read"),
        ] {
            let problems = try await self.services(ActionSetting(schema: path)).problems
            #expect(
                problems.count == count && problems.allSatisfy { $0.hasPrefix("BEDROCK_SESSIONS_SCHEMA: ") && $0.contains(text) },
                "\(problems)")
        }
    }

    @Test("an API without a schema says nothing")
    func withoutSchema() async throws {
        let problems = try await self.services(ActionSetting(apiURL: "https://api.example.com")).problems
        #expect(problems.count == 1 && problems[0].contains("says nothing without a schema"))
    }

    @Test(
        "addresses of an API",
        arguments: [
            ("https://api.example.com", "https://api.example.com", "api.example.com"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080", "127.0.0.1"),
            ("https://api.example.com:8443/v1/shop/", "https://api.example.com:8443/v1/shop", "api.example.com"),
            ("http://[::1]:80/a", "http://[::1]:80/a", "::1"),
        ])
    func addresses(text: String, base: String, host: String) throws {
        let address = try UpstreamAddress(text)
        #expect(address.base == base && address.host == host)
    }

    @Test(
        "what is no address of an API is refused, and not repeated",
        arguments: [
            "ftp://a", "https://", "https://user:secret@a", "https://a/?k=secret", "https://a/#secret", "https://a b", "https://a/../b",
            "https://a/%2e%2E/b", "https://a//b",
            "https://a:0", "https://a:port", "https://a:70000", "https://[::1", "https://[x]", "https://a\\b", "https://ä.example",
            "https://a/{b}", "https://a:1:2",
            "file:///etc/passwd", "HTTPS://A", "https://a/b\r\nX: y",
        ])
    func wrongAddresses(text: String) {
        do throws(SettingsError) {
            let address = try UpstreamAddress(text)
            Issue.record("\(address)")
        } catch {
            #expect(
                error.problems.count == 1 && error.problems[0].hasPrefix("BEDROCK_SESSIONS_API_URL")
                    && !error.description.contains("secret"))
        }
    }

    @Test("a key's header is no header of the connection's, and its value is one line that is not shown")
    func keys() throws {
        let key = try UpstreamKey(name: "Authorization", value: "Bearer abc")
        #expect(!"\(key)".contains("abc") && !String(reflecting: key).contains("abc"))
        for name in ["", "Host", "content-length", "X Key", "X:Key", "Transfer-Encoding", "ä"] {
            #expect(throws: SettingsError.self) { try UpstreamKey(name: name, value: "v") }
        }
        for value in ["a\r\nX: y", "ä", "\u{0}"] { #expect(throws: SettingsError.self) { try UpstreamKey(name: "X-Key", value: value) } }
    }
}
