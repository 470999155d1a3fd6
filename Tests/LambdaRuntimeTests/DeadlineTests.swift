import JSON
import TestSupport
import Testing

@testable import LambdaRuntime

// Within that suite: its tests run one after the other, since each of these runtimes sets the variable with the trace id.
extension LambdaRuntimeTests {
    @Suite("The end of an invocation's time", .timeLimit(.minutes(1)))
    struct DeadlineTests {
        /// As much time as a handler that is cancelled at once has: none.
        private static let over = [("Lambda-Runtime-Deadline-Ms", "1")]

        @Test("the handler is cancelled with time left to answer, and what it then answers counts")
        func cancelled() async throws {
            try await withRuntime({ _, context in
                let gate = Gate()
                await withTaskCancellationHandler {
                    await gate.pass()
                } onCancel: {
                    gate.open()
                }
                return Array("cut short, \(context.timeLeft == .zero ? "nothing" : "something") left".utf8)
            }) { server, _ in
                server.invoke(.init([], id: "short", headers: Self.over))
                var messages = server.messages.makeAsyncIterator()
                let message = try #require(await messages.next())
                #expect(message.path == "invocation/short/response" && message.text == "cut short, nothing left")
            }
        }

        @Test("a handler that does not end is given up with an error, and the next invocation is taken; what it answers later is nobody's")
        func givenUp() async throws {
            let gate = Gate()
            try await withRuntime({ event, _ in
                // A task of its own does not see the cancellation.
                if event.isEmpty { await Task { await gate.pass() }.value }
                return event
            }) { server, _ in
                server.invoke(.init([], id: "stuck", headers: Self.over))
                server.invoke(.init([0x31], id: "next"))
                var messages = server.messages.makeAsyncIterator()
                let report = try #require(await messages.next())
                #expect(report.path == "invocation/stuck/error")
                #expect(report.headers["lambda-runtime-function-error-type"] == "HandlerTimeout")
                #expect(try JSONValue(parsing: report.body)["errorType"] == "HandlerTimeout")
                #expect(await messages.next()?.path == "invocation/next/response")
                gate.open()
                server.invoke(.init([0x32], id: "last"))
                #expect(await messages.next()?.path == "invocation/last/response")
            }
        }

        @Test("a handler with time enough is left alone and knows how much")
        func enough() async throws {
            let end = (MonotonicClock.sinceEpoch + .seconds(60)).components.seconds * 1000
            try await withRuntime({ _, context in
                let left = context.timeLeft ?? .zero
                return Array("\(left > .seconds(50) && left <= .seconds(60)) \(Task.isCancelled)".utf8)
            }) { server, _ in
                server.invoke(.init([], headers: [("Lambda-Runtime-Deadline-Ms", "\(end)")]))
                var messages = server.messages.makeAsyncIterator()
                #expect(await messages.next()?.text == "true false")
            }
        }
    }
}
