import EventLoop
import HTTP
import Logging

/// The four calls of the runtime API.
///
/// Source: AWS Lambda Developer Guide, "Using the Lambda runtime API".
struct RuntimeAPI: Sendable {
    /// `next` waits for the next invocation, however long that takes; the client wants some deadline.
    private static let noDeadline = Duration.seconds(365 * 86400)
    /// For everything that is answered at once.
    private static let deadline = Duration.seconds(10)

    /// One for both kinds of calls: they take turns on one connection, and whatever stands in for Lambda need not serve two.
    private let client: HTTPClient
    private let base: String

    /// `address` is what `AWS_LAMBDA_RUNTIME_API` says: host and port. So many invocations are waited for, or answered, at one time.
    init(address: String, loop: UVLoop, concurrency: Int) {
        var options = HTTPOptions()
        options.maxConnections = concurrency + 1
        self.client = HTTPClient(loop: loop, options: options)
        self.base = "http://\(address)/2018-06-01/runtime"
    }

    func next() async throws(HTTPError) -> HTTPAnswer {
        try await self.client.send(HTTPCall(method: "GET", url: "\(self.base)/invocation/next"), deadline: Self.noDeadline)
    }

    /// Ends every wait for an invocation, now and from now on; answers are sent as before.
    func endWaits() {
        self.client.endCalls(of: "GET")
    }

    func respond(_ requestID: String, _ body: [UInt8]) async throws(HTTPError) -> HTTPAnswer {
        try await self.post("invocation/\(requestID)/response", HTTPHeaders([("Content-Type", "application/json")]), body)
    }

    func fail(_ requestID: String, _ report: FailureReport) async throws(HTTPError) -> HTTPAnswer {
        try await self.post("invocation/\(requestID)/error", report.headers, report.body)
    }

    func failInitialization(_ report: FailureReport) async throws(HTTPError) -> HTTPAnswer {
        try await self.post("init/error", report.headers, report.body)
    }

    private func post(_ path: String, _ headers: HTTPHeaders, _ body: [UInt8]) async throws(HTTPError) -> HTTPAnswer {
        // A response sent twice is refused the second time: nothing happens twice.
        try await self.client.send(
            HTTPCall(method: "POST", url: "\(self.base)/\(path)", headers: headers, body: body), deadline: Self.deadline)
    }
}
