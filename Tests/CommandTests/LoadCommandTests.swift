import Foundation
import JSON
import TestSupport
import Testing

@Suite("load", .timeLimit(.minutes(5)))
struct LoadCommandTests {
    @Test("needs nothing, counts what it was asked for, and says so as JSON")
    func memory() async throws {
        let outcome = try await CommandLineTool().run("load", "--count", "500", "--sessions", "50", "--concurrency", "8", "--json")
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let json = try outcome.json
        #expect(json["operations"]?.integer == 500)
        #expect(json["wrong"]?.members?.isEmpty == true && json["errors"]?.members?.isEmpty == true)
        #expect(json["lanes"]?["write"]?["count"]?.integer ?? 0 > 0)
        #expect(outcome.errors.contains("fill  [") && outcome.errors.contains("load  ["))
    }

    @Test("on a table behind Redis, in two processes and an open loop: every answer is right, and nothing stays")
    func workers() async throws {
        let stack = try await OperatedStack()
        let outcome = try await stack.run(
            "load", "--workers", "2", "--sessions", "40", "--rate", "200", "--duration", "3s", "--warm-up", "500ms", "--clean", "--json")
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        let json = try outcome.json
        #expect(json["wrong"]?.members?.isEmpty == true, "\(outcome.output)")
        #expect(json["workers"]?.integer == 2)
        #expect(json["lanes"]?["cache"]?["count"]?.integer ?? 0 > 0)
        // At most what the intended starts of three seconds are; a busy machine does less, and what is late at the end is not begun.
        #expect((1...602).contains(json["operations"]?.integer ?? 0), "\(outcome.output)")
        let left = try await stack.run("get", "load.0")
        #expect(left.exitCode == 1 && left.errors.contains("no such session"), "\(left.errors)")
    }

    @Test("on a running server that wants a token; a wallet and the other fields of one request are never seen apart")
    func server() async throws {
        var tool = try CommandLineTool()
        tool.environment["BEDROCK_SESSIONS_TOKEN"] = "a-token-of-the-load-tests"
        let server = try await RunningServer(tool, "--store", "memory")
        let outcome = try await tool.run(
            "load", "--url", server.url, "--sessions", "5", "--count", "600", "--reads", "0.5", "--writes", "0.4", "--deletes", "0.1",
            "--json")
        #expect(outcome.exitCode == 0, "\(outcome.errors) \(outcome.output)")
        #expect(try outcome.json["operations"]?.integer ?? 0 > 500)
        tool.environment["BEDROCK_SESSIONS_TOKEN"] = nil
        let refused = try await tool.run("load", "--url", server.url, "--count", "10", "--sessions", "5")
        #expect(refused.exitCode == 1 && refused.errors.contains("no session could be written"), "\(refused.errors)")
        _ = await server.end(SIGTERM)
        let absent = try await tool.run("load", "--url", server.url, "--count", "10", "--sessions", "5")
        #expect(absent.exitCode == 1 && absent.errors.contains("--url"), "\(absent.errors)")
    }

    @Test("Ctrl-C ends it, with what came until then")
    func interrupted() async throws {
        let tool = try CommandLineTool()
        let output = tool.workspace.file("out")
        let process = try ChildProcess(
            [CommandLineTool.executable, "load", "--duration", "1h", "--sessions", "10", "--json"], environment: tool.variables,
            directory: tool.workspace.path, redirection: .init(output: output))
        #expect(await process.output(containing: "load  [").found)
        process.signal(SIGINT)
        _ = await process.restOfOutput()
        #expect(await process.ended() == .exit(code: 0))
        let json = try JSONValue(parsing: Array(try String(contentsOfFile: output, encoding: .utf8).utf8))
        #expect(json["interrupted"]?.bool == true)
        #expect(json["operations"]?.integer ?? 0 > 0)
    }

    @Test(
        "what cannot be done is said before anything is tried",
        arguments: [
            (["--count", "0", "--concurrency", "0"], ["--count", "--concurrency"]), (["--duration", "10"], ["--duration"]),
            (["--zipf", "1", "--uniform"], ["--zipf"]), (["--duration", "1s", "--count", "5"], ["--count"]),
            (["--workers", "2"], ["--workers"]), (["--url", "http://127.0.0.1:1", "--store", "memory"], ["--store"]),
            (["--url", "ftp://x"], ["--url"]), (["--store", "dynamodb"], ["--table"]), (["--report", "nowhere/report.html"], ["--report"]),
        ] as [([String], [String])])
    func refused(_ arguments: [String], _ named: [String]) async throws {
        let tool = try CommandLineTool(environment: ["AWS_REGION": "us-east-1"])
        let outcome = try await tool.run(["load"] + arguments)
        #expect(outcome.exitCode == 2, "\(outcome.errors)")
        for option in named { #expect(outcome.errorLines.last?.contains(option) == true, "\(outcome.errors)") }
        #expect(outcome.output == "")
    }

    @Test(
        "the report opens in a browser, in light and dark, with nothing on its console",
        .enabled(if: TestEnvironment.expects("chromium"), "chromium is not installed; install Debian's package chromium"))
    func report() async throws {
        let tool = try CommandLineTool()
        let outcome = try await tool.run("load", "--duration", "2s", "--sessions", "50", "--report", "report.html")
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        for scheme in ["light", "dark"] {
            var variables = ["PATH": TestEnvironment.variable("PATH") ?? "", "HOME": tool.workspace.path]
            variables["XDG_CONFIG_HOME"] = tool.workspace.file("config-\(scheme)")
            let (page, errors) = (tool.workspace.file("page-\(scheme)"), tool.workspace.file("errors-\(scheme)"))
            let browser = try ChildProcess(
                [
                    "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                    "--blink-settings=preferredColorScheme=\(scheme == "dark" ? 0 : 1)", "--enable-logging=stderr", "--dump-dom",
                    "file://" + tool.workspace.file("report.html"),
                ], environment: variables, redirection: .init(output: page, errors: errors))
            #expect(await browser.ended() == .exit(code: 0))
            let log = try String(contentsOfFile: errors, encoding: .utf8)
            #expect(!log.contains("CONSOLE"), "\(log)")
            let document = try String(contentsOfFile: page, encoding: .utf8)
            #expect(document.components(separatedBy: "<svg").count == 6)
            #expect(document.contains("wrong answers"))
        }
    }
}
