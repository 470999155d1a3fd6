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

    /// Waits for invocations, and nothing else, so that its end is the waits' end. A client's handles find everything as the last call left it, and the two
    /// kinds of calls would undo each other's work.
    private let waiting: HTTPClient
    /// Sends what became of them.
    private let answering: HTTPClient
    private let base: String

    /// `address` is what `AWS_LAMBDA_RUNTIME_API` says: host and port. So many invocations are waited for, or answered, at one time.
    init(address: String, loop: UVLoop, concurrency: Int) {
        var options = HTTPOptions()
        options.maxConnections = concurrency
        self.waiting = HTTPClient(loop: loop, options: options)
        self.answering = HTTPClient(loop: loop, options: options)
        self.base = "http://\(address)/2018-06-01/runtime"
    }

    func next() async throws(HTTPError) -> HTTPAnswer {
        try await self.waiting.send(HTTPCall(method: "GET", url: "\(self.base)/invocation/next"), deadline: Self.noDeadline)
    }

    /// Ends every wait for an invocation, now and from now on; answers are sent as before.
    func endWaits() {
        Task { [waiting] in await waiting.close() }
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
        try await self.answering.send(
            HTTPCall(method: "POST", url: "\(self.base)/\(path)", headers: headers, body: body), deadline: Self.deadline)
    }
}
