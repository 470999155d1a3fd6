import Foundation
import TestSupport
import Testing

/// `docker compose up` and `make up` are two descriptions of one stack.
@Suite("The stack on a laptop", .timeLimit(.minutes(5)))
struct StackTests {
    private static func text(_ path: String) throws -> String {
        try String(contentsOf: TestEnvironment.repository.appending(path: path), encoding: .utf8)
    }

    /// The names of the services in docker-compose.yml.
    private static func services() throws -> [String] {
        let part = try #require(try Self.text("docker-compose.yml").components(separatedBy: "\nservices:\n").last)
        return ("\n" + part).matches(of: /\n  ([a-z0-9]+):\n/).map { String($0.1) }
    }

    @Test("both have the same roles; Grafana alone is in no package of Debian's, and the load begins when somebody wants it")
    func roles() throws {
        let script = try Self.text("scripts/stack")
        let roles = try #require(script.firstMatch(of: /\nroles=\(([a-z0-9 ]+)\)/)).1.split(separator: " ").map(String.init)
        #expect(try Self.services() == roles + ["grafana", "load"])
    }

    @Test("both give a server the same variables")
    func variables() throws {
        let compose = try #require(try Self.text("docker-compose.yml").firstMatch(of: /x-store: &store\n((?:  .+\n)+)/)).1
        let script = try #require(try Self.text("scripts/stack").firstMatch(of: /\nfor_server\(\) \{\n((?: .+\n)+)/)).1
        let ours = script.matches(of: /export ([A-Z_0-9]+)/).map { String($0.1) }
        #expect(("\n" + compose).matches(of: /\n {2}([A-Z_0-9]+): ./).map { String($0.1) } == ours)
        #expect(ours.count == 9)
    }

    @Test("both ask for the same paths, start the same balancer, and scrape the same servers")
    func checks() throws {
        let (compose, script) = (try Self.text("docker-compose.yml"), try Self.text("scripts/stack"))
        for path in ["/readyz", "/-/ready"] { #expect(compose.contains(path) && script.contains(path), "\(path)") }
        for file in ["deploy/haproxy/haproxy.cfg", "deploy/prometheus/prometheus.yml"] {
            #expect(compose.contains("./\(file):") && script.contains(" \(file)"), "\(file)")
        }
        let balancer = try Self.text("deploy/haproxy/haproxy.cfg").matches(of: /\$\{([A-Z0-9_]+)\}/).map { String($0.1) }
        #expect(balancer == ["BALANCER_ADDRESS", "SERVER1_ADDRESS", "SERVER2_ADDRESS"])
        for name in balancer { #expect(compose.contains("\(name): ") && script.contains("\(name)=127.0.0.1:"), "\(name)") }
        let prometheus = try Self.text("deploy/prometheus/prometheus.yml")
        let targets = prometheus.matches(of: /targets: \["([a-z0-9]+:8080)"\]/).map { String($0.1) }
        #expect(targets == ["server1:8080", "server2:8080"])
        // `make up` puts its addresses in the place of these.
        for target in targets { #expect(script.contains(#"s|\"\#(target)\"|"#), "\(target)") }
        #expect(prometheus.contains("credentials_file: /prometheus/token") && script.contains("s|/prometheus/token|"))
        #expect(compose.contains(">/prometheus/token"))
        // The load generator: what it is called with, and what it does unless it is told otherwise.
        let (url, options) = (#""load", "--url", "http://balancer:8080""#, ["--duration", "30s", "--clean"])
        #expect(compose.contains(url) && script.contains(#"load --url "http://127.0.0.1:$BALANCER_PORT""#))
        #expect(compose.contains("command: [\(options.map { "\"\($0)\"" }.joined(separator: ", "))]"))
        #expect(script.contains("set -- \(options.joined(separator: " "))\n"))
        let cache = "--maxmemory-policy"
        #expect(compose.contains("\"\(cache)\", \"allkeys-lru\"") && script.contains("\(cache) allkeys-lru"))
    }

    @Test(".env has every variable of the compose file, and no others; ports are on loopback; its secrets say that they are none")
    func environment() throws {
        let file = try Self.text(".env").split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "=", maxSplits: 1) }
        let names = Set(file.map { String($0[0]) })
        let compose = try Self.text("docker-compose.yml")
        #expect(Set(compose.matches(of: /[^$]\$\{([A-Z_0-9]+)\}/).map { String($0.1) }) == names)
        let ports = compose.matches(of: /- "(.*):\d+"\n/).map { String($0.1) }
        #expect(ports.count == 7)
        for port in ports { #expect(port.wholeMatch(of: /127\.0\.0\.1:\$\{[A-Z0-9]+_PORT\}/) != nil, "\(port)") }
        for one in file where one[0].hasSuffix("TOKEN") || one[0].hasSuffix("PASSWORD") {
            #expect(one[1].hasPrefix("development-only-") && one[1].count >= 16)
        }
        let script = try Self.text("scripts/stack")
        for name in names where name.hasSuffix("_PORT") && name != "GRAFANA_PORT" {
            #expect(script.contains("\"\(name)=$\(name)\""), "\(name) is not for `make up`")
        }
    }

    @Test("every metric in the dashboard is one that the program has, and every panel has a query")
    func dashboard() throws {
        let source = try Self.text("deploy/grafana/dashboards/bedrock-sessions.json")
        let dashboard = try #require(try JSONSerialization.jsonObject(with: Data(source.utf8)) as? [String: Any])
        let panels = try #require(dashboard["panels"] as? [[String: Any]]).filter { $0["type"] as? String != "row" }
        #expect(panels.count == 21)
        let known = Set(try MetricNames.all().map { $0.replacing(".", with: "_") } + ["bedrock_sessions_http_request_duration"])
        for panel in panels {
            let queries = try #require(panel["targets"] as? [[String: Any]]).compactMap { $0["expr"] as? String }
            #expect(!queries.isEmpty)
            for name in queries.flatMap({ $0.matches(of: /bedrock_sessions_[a-z_]+/).map { String($0.output) } }) {
                let metric = name.replacing(/_(total|seconds_bucket|seconds_count)$/, with: "")
                #expect(known.contains(metric), "\(name)")
            }
        }
    }

    private static let program = TestEnvironment.product("bedrock-sessions")

    /// Whether the roles can be started here: what CI lacks is a failure, but for a build that leaves the command line out.
    private static var canRun: Bool {
        let tools = ["haproxy", "prometheus", "redis-server", "python3"].allSatisfy(TestEnvironment.expects)
        return tools
            && (FileManager.default.isExecutableFile(atPath: Self.program) || TestEnvironment.variable("BEDROCK_SESSIONS_LEAN") == nil)
    }

    @Test(
        "up, a load, and every query of the dashboard returns series; up again changes nothing; down leaves nothing running",
        .enabled(if: canRun, "haproxy, prometheus or redis-server is not installed, or the command line is not built"))
    func upAndDown() async throws {
        let folder = try TemporaryFolder()
        var variables = ["STACK_FOLDER": folder.file("stack"), "BEDROCK_SESSIONS_PROGRAM": Self.program]
        // Ports that other tests, or the person at this machine, may have: any free ones will do.
        for name in ["BALANCER", "SERVER1", "SERVER2", "REDIS", "DYNAMODB", "PROMETHEUS"] { variables["\(name)_PORT"] = "0" }
        variables["PATH"] = TestEnvironment.variable("PATH") ?? ""
        variables["HOME"] = folder.path
        func run(_ arguments: String...) async throws -> ChildProcess.End {
            let (output, end) = try await ChildProcess.run(
                arguments, environment: variables, directory: TestEnvironment.repository.path)
            if end != .exit(code: 0) { Issue.record("\(arguments): \(output)") }
            return end
        }
        func pids() throws -> [String: String] {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("stack/pids"))
            let pairs = try names.map { ($0, try String(contentsOfFile: folder.file("stack/pids/\($0)"), encoding: .utf8)) }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
        var started: [String: String] = [:]
        if try await run("scripts/stack", "up") == .exit(code: 0) {
            started = try pids()
            #expect(Set(started.keys) == ["redis", "dynamodb", "server1", "server2", "balancer", "prometheus"])
            _ = try await run("scripts/stack", "up")
            #expect(try pids() == started)
            _ = try await run("scripts/stack", "load", "--count", "300", "--sessions", "20", "--clean")
            _ = try await run("scripts/check-dashboard")
        }
        _ = try await run("scripts/stack", "down")
        for (role, line) in started {
            let status = try? String(contentsOfFile: "/proc/\(line.prefix { $0 != " " })/stat", encoding: .utf8)
            // One that has ended and waits for its parent to notice is not running.
            #expect(status == nil || status?.contains(") Z ") == true, "\(role) still runs")
        }
    }
}
