import EventLoop
import Glibc
import Instrumentation
import JSON
import TestSupport
import Testing

@testable import LambdaRuntime

@Suite("Invocations at the same time", .timeLimit(.minutes(1)))
struct ConcurrentInvocationTests {
    private static let three = ["AWS_LAMBDA_MAX_CONCURRENCY": "3"]

    @Test("as many as Lambda says are under way at once, each with its own context, and all are answered")
    func together() async throws {
        let gate = Gate()
        try await withRuntime(
            variables: Self.three,
            { event, context in
                await gate.pass()
                let service = ServiceContext.current
                return event + Array("|\(context.requestID)|\(service?.lambdaRequestID ?? "")|\(service?.lambdaTraceID ?? "")".utf8)
            },
            { server, _ in
                for name in ["a", "b", "c"] {
                    server.invoke(.init(Array(name.utf8), id: "id-\(name)", headers: [("Lambda-Runtime-Trace-Id", "Root=\(name)")]))
                }
                // None passes before all three have arrived.
                try await gate.waitForArrivals(3)
                gate.open()
                var answers: [String: String] = [:]
                for await message in server.messages {
                    answers[message.path] = message.text
                    if answers.count == 3 { break }
                }
                #expect(
                    answers == [
                        "invocation/id-a/response": "a|id-a|id-a|Root=a", "invocation/id-b/response": "b|id-b|id-b|Root=b",
                        "invocation/id-c/response": "c|id-c|id-c|Root=c",
                    ])
            })
    }

    @Test("one failure is one invocation's, the others go on")
    func failure() async throws {
        struct Broken: Error {}
        let gate = Gate()
        try await withRuntime(
            variables: Self.three,
            { event, _ in
                if event.isEmpty { throw Broken() }
                await gate.pass()
                return event
            },
            { server, _ in
                server.invoke(.init([0x31], id: "slow"))
                try await gate.waitForArrivals(1)
                server.invoke(.init([], id: "bad"))
                var messages = server.messages.makeAsyncIterator()
                #expect(await messages.next()?.path == "invocation/bad/error")
                gate.open()
                #expect(await messages.next()?.path == "invocation/slow/response")
            })
    }

    @Test("a shutdown lets all of them finish")
    func shutdown() async throws {
        let gate = Gate()
        try await withRuntime(
            variables: Self.three,
            { event, _ in
                await gate.pass()
                return event
            },
            { server, runtime in
                for id in ["a", "b"] { server.invoke(.init([0x31], id: id)) }
                try await gate.waitForArrivals(2)
                runtime.shutdown()
                gate.open()
                var paths: Set<String> = []
                for await message in server.messages {
                    paths.insert(message.path)
                    if paths.count == 2 { break }
                }
                #expect(paths == ["invocation/a/response", "invocation/b/response"])
            })
    }

    @Test("a runtime API that is gone ends all workers with its error")
    func gone() async throws {
        let port = try freePort()
        let loop = try UVLoop()
        let variables = ["AWS_LAMBDA_RUNTIME_API": "127.0.0.1:\(port)", "AWS_LAMBDA_MAX_CONCURRENCY": "4"]
        var runtime = try LambdaRuntime(loop: loop, environment: { variables[$0] }, logger: RunningRuntime.quiet) { event, _ in event }
        runtime.schedule.firstPause = .milliseconds(1)
        runtime.schedule.longestPause = .milliseconds(1)
        let error = await #expect(throws: LambdaRuntimeError.self) { try await runtime.run() }
        #expect(error?.code == .unreachable)
        await loop.shutdown()
    }

    @Test(
        "what the variable may say",
        arguments: [
            (nil, 1), ("", 1), ("1", 1), ("0", 1), ("-4", 1), ("many", 1), ("16", 16), ("99999999", 1600), ("9223372036854775808", 1),
        ])
    func limit(text: String?, expected: Int) {
        #expect(LambdaConcurrency.limit { $0 == "AWS_LAMBDA_MAX_CONCURRENCY" ? text : nil } == expected)
    }
}
