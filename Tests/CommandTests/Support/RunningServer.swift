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
    init(_ tool: CommandLineTool, _ arguments: String...) async throws {
        let process = try ChildProcess(
            [CommandLineTool.executable, "serve", "--listen", "127.0.0.1:0"] + arguments, environment: tool.variables,
            directory: tool.workspace.path, redirection: .init(errors: "/dev/null"))
        self.process = process
        self.tool = tool
        self.greeting = await process.lines(2)
        let address = self.greeting.split(separator: "\n").first?.split(separator: " ").last
        self.url = address.map(String.init) ?? ""
        self.loop = try UVLoop(name: "command-tests")
        self.client = HTTPClient(loop: self.loop)
    }

    deinit {
        self.loop.shutdownAndWait()
    }

    /// Sends a request.
    func send(
        _ method: String, _ path: String, _ body: [UInt8] = [], user: String? = nil, headers: [(String, String)] = []
    ) async throws -> Answer {
        let fields = headers + (user.map { [("X-User-Id", $0)] } ?? [])
        let call = HTTPCall(method: method, url: self.url + path, headers: HTTPHeaders(fields), body: body, isRepeatable: false)
        let answer = try await self.client.send(call, deadline: .seconds(30))
        return Answer(
            status: answer.status, type: answer.headers["content-type"],
            json: answer.body.isEmpty ? .null : try JSONValue(parsing: answer.body))
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
