import EventLoop
import HTTP
import JSON
import TestSupport

/// `bedrock-sessions serve` on a free port, and a client for it.
final class RunningServer: Sendable {
    /// `http://host:port`
    let url: String
    /// What it printed up to the address.
    let greeting: String
    private let process: ChildProcess
    /// Its folder lives as long as it runs.
    private let tool: CommandLineTool
    private let loop: UVLoop
    private let client: HTTPClient

    /// What it answered.
    struct Answer: Sendable {
        var status: Int
        var type: String?
        var json: JSONValue
    }

    /// Starts it and returns when it has said where it listens.
    convenience init(_ tool: CommandLineTool, _ arguments: String...) async throws {
        try await self.init(tool, arguments: arguments)
    }

    /// The same; `authority` is a PEM file of the one that its certificate is from, `errors` the file that its log goes to.
    init(_ tool: CommandLineTool, arguments: [String], authority: String? = nil, errors: String = "/dev/null") async throws {
        let process = try ChildProcess(
            [CommandLineTool.executable, "serve", "--listen", "127.0.0.1:0"] + arguments, environment: tool.variables,
            directory: tool.workspace.path, redirection: .init(errors: errors))
        self.process = process
        self.tool = tool
        self.greeting = await process.lines(2)
        let address = self.greeting.split(separator: "\n").first?.split(separator: " ").last
        self.url = address.map(String.init) ?? ""
        self.loop = try UVLoop(name: "command-tests")
        var options = HTTPOptions()
        options.caBundle = authority
        self.client = HTTPClient(loop: self.loop, options: options)
    }

    deinit {
        self.loop.shutdownAndWait()
    }

    /// Sends a request.
    func send(
        _ method: String, _ path: String, _ body: [UInt8] = [], user: String? = nil, headers: [(String, String)] = []
    ) async throws -> Answer {
        var fields = headers + (user.map { [("X-User-Id", $0)] } ?? [])
        if !body.isEmpty, !headers.contains(where: { $0.0 == "Content-Type" }) { fields.append(("Content-Type", "application/json")) }
        let call = HTTPCall(method: method, url: self.url + path, headers: HTTPHeaders(fields), body: body, isRepeatable: false)
        let answer = try await self.client.send(call, deadline: .seconds(30))
        let type = answer.headers["content-type"]
        return Answer(
            status: answer.status, type: type, json: type?.contains("json") == true ? try JSONValue(parsing: answer.body) : .null)
    }

    /// What a GET answers with, as text.
    func text(_ path: String) async throws -> String {
        let call = HTTPCall(method: "GET", url: self.url + path, headers: HTTPHeaders([]), body: [], isRepeatable: false)
        return String(decoding: try await self.client.send(call, deadline: .seconds(30)).body, as: UTF8.self)
    }

    /// Sends a JSON body.
    func send(_ method: String, _ path: String, _ body: JSONValue, user: String? = nil) async throws -> Answer {
        try await self.send(method, path, body.encoded, user: user)
    }

    /// Sends a whole request before it reads anything, as simple clients do; answers with what came until the server closed.
    func sendThenRead(_ request: String) async throws -> String {
        let port = UInt16(self.url.split(separator: ":").last ?? "") ?? 0
        return try await blocking { Result { try BlockingClient.exchange(Array(request.utf8), port: port) } }.get()
    }

    /// Sends a signal and waits for the end; answers with how it ended.
    func end(_ signal: Int32) async -> ChildProcess.End {
        self.process.signal(signal)
        return await self.process.ended()
    }
}
