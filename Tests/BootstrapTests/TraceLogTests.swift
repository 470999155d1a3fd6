import EventLoop
import Foundation
import JSON
import SessionStore
import TestSupport
import Testing

@Suite(
    "bootstrap's traces in its log",
    .enabled(if: DynamoServer.isAvailable, Comment(rawValue: DynamoServer.reason)),
    .enabled(if: RedisServer.isExpected, Comment(rawValue: RedisServer.skipReason)), .timeLimit(.minutes(2)))
struct TraceLogTests {
    private static let trace = "5759e988bd862e3fe1be46a994272793"
    private static let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0"

    /// The lines of the log of a Lambda that has answered two events of one session.
    private func log(_ setting: [String: String]) async throws -> [JSONValue] {
        let redis = try RedisServer()
        let place = try await Place(redis: redis)
        let folder = try TemporaryFolder()
        let errors = folder.file("err")
        let environment = place.environment.merging(["AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"]) { $1 }
        let lambda = try LambdaProcess(environment.merging(setting) { $1 }, redirection: .init(errors: errors))
        var messages = lambda.server.messages.makeAsyncIterator()
        let events = [BedrockEvents.api("POST", wallet: BedrockEvents.wallet), BedrockEvents.function("recallWallet")]
        for (number, event) in events.enumerated() {
            let headers = [("Lambda-Runtime-Deadline-Ms", "99999999999999"), ("Lambda-Runtime-Trace-Id", Self.header)]
            lambda.server.invoke(.init(event.encoded, id: "request-\(number)", headers: headers))
            #expect(await messages.next()?.path == "invocation/request-\(number)/response")
        }
        #expect(await lambda.stop() == .exit(code: 0))
        await place.loop.shutdown()
        return try String(contentsOfFile: errors, encoding: .utf8).split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
    }

    @Test("an invocation, its action, the cache and the table's operations are one tree, which continues X-Ray's trace")
    func tree() async throws {
        let lines = try await self.log(["BEDROCK_SESSIONS_TRACES": "log"]).filter { $0["logger"] == "trace" }
        #expect(lines.allSatisfy { $0["message"] == "span" && $0["level"] == "INFO" })
        let spans = lines.compactMap { $0["metadata"] }
        let byID = Dictionary(uniqueKeysWithValues: spans.compactMap { span in span["span_id"]?.string.map { ($0, span) } })
        /// The names from a span up to the invocation.
        func path(_ span: JSONValue) -> [String] {
            [span["name"]?.string ?? ""] + (span["parent_span_id"]?.string.flatMap { byID[$0] }.map(path) ?? [])
        }
        let invocations = lines.filter { $0["metadata"]?["name"] == "bedrock_sessions.invocation" }
        #expect(invocations.map { $0["metadata"]?["faas.invocation_id"]?.string } == ["request-0", "request-1"])
        #expect(invocations.allSatisfy { $0["metadata"]?["parent_span_id"] == "53995c3f42cd8ad8" })
        // The first read of a process, which nobody asked for, is in a trace of its own.
        let own = lines.filter { $0["requestId"] != nil }
        #expect(own.allSatisfy { $0["metadata"]?["trace_id"]?.string == Self.trace && $0["traceId"]?.string == Self.header })
        let paths = Set(own.compactMap { $0["metadata"] }.map { path($0).joined(separator: " < ") })
        let action = "bedrock_sessions.action < bedrock_sessions.invocation"
        for expected in [
            action, "bedrock_sessions.cache.write < \(action)", "DynamoDB.UpdateItem < bedrock_sessions.cache.write < \(action)",
            "bedrock_sessions.cache.read < \(action)", "bedrock_sessions.cache.load < bedrock_sessions.cache.read < \(action)",
            "DynamoDB.GetItem < bedrock_sessions.cache.load < bedrock_sessions.cache.read < \(action)",
        ] { #expect(paths.contains(expected), "\(expected) is not among \(paths)") }
        #expect(paths.allSatisfy { $0.hasSuffix("bedrock_sessions.invocation") })
        let second = own.filter { $0["requestId"] == "request-1" }.compactMap { $0["metadata"] }
        #expect(second.contains { $0["bedrock_sessions.cache.read.outcome"] == "hit" })
        #expect(second.contains { $0["bedrock_sessions.action.name"] == "recallWallet" && $0["bedrock_sessions.action.status"] == "known" })
    }

    @Test("there are none unless somebody asks for them", arguments: [[:], ["BEDROCK_SESSIONS_TRACES": "off"]])
    func off(setting: [String: String]) async throws {
        #expect(try await self.log(setting).allSatisfy { $0["logger"] != "trace" })
    }
}
