import HTTP
import Logging
import Testing

@testable import LambdaRuntime

@Suite("Invocations")
struct InvocationTests {
    private func invocation(_ headers: [(String, String)], status: Int = 200) -> Invocation? {
        Invocation(HTTPAnswer(status: status, headers: HTTPHeaders(headers), body: [1]), logger: Logger(label: "test"))
    }

    @Test("the headers become the context")
    func context() throws {
        let soon = Int(MonotonicClock.sinceEpoch.components.seconds * 1000 + 60_000)
        let context = try #require(
            self.invocation([
                ("Lambda-Runtime-Aws-Request-Id", "8476a536-e9f4-11e8-9739-2dfe598c3fcd"), ("Lambda-Runtime-Deadline-Ms", "\(soon)"),
                ("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:111122223333:function:wallets"),
                ("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1"),
            ])
        ).context
        #expect(context.requestID == "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
        #expect(context.functionARN == "arn:aws:lambda:eu-west-1:111122223333:function:wallets")
        #expect(context.traceID == "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=1")
        let timeLeft = try #require(context.timeLeft)
        #expect(timeLeft > .seconds(50) && timeLeft <= .seconds(61))
        #expect(context.logger[metadataKey: "aws-request-id"] == "8476a536-e9f4-11e8-9739-2dfe598c3fcd")
    }

    @Test("only the request id is needed; a deadline that has passed leaves no time, an odd one counts as none")
    func least() {
        let id = ("Lambda-Runtime-Aws-Request-Id", "a")
        #expect(self.invocation([id])?.context.timeLeft == nil)
        #expect(self.invocation([id, ("Lambda-Runtime-Deadline-Ms", "1")])?.context.timeLeft == .zero)
        #expect(self.invocation([id, ("Lambda-Runtime-Deadline-Ms", "soon")])?.context.timeLeft == nil)
    }

    @Test("without a request id that fits into a path there is no invocation", arguments: ["", "a/b", "../x", "a b", "a?b", "ä"])
    func requestIDs(id: String) {
        #expect(self.invocation([("Lambda-Runtime-Aws-Request-Id", id)]) == nil)
        #expect(self.invocation([]) == nil)
    }

    @Test("an answer of another status is no invocation", arguments: [202, 403, 500])
    func statuses(status: Int) {
        #expect(self.invocation([("Lambda-Runtime-Aws-Request-Id", "a")], status: status) == nil)
    }
}
