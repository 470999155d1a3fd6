import EventLoop
import Glibc
import JSON
import Logging
import TestSupport
import Testing

@testable import LambdaRuntime

// One after the other: the trace id in the environment is the process's.
@Suite("The Lambda runtime", .serialized, .timeLimit(.minutes(1)))
struct LambdaRuntimeTests {
    private struct Broken: Error, CustomStringConvertible {
        var description: String { "it \"broke\"\nžluť" }
    }

    private func first(_ server: RuntimeAPIServer) async throws -> RuntimeAPIServer.Message {
        var messages = server.messages.makeAsyncIterator()
        return try #require(await messages.next())
    }

    @Test("an invocation reaches the handler, and its answer the runtime API, all over one connection")
    func answer() async throws {
        try await withRuntime({ event, context in event + Array(" \(context.requestID)".utf8) }) { server, _ in
            var messages = server.messages.makeAsyncIterator()
            for id in ["one", "two", "three"] {
                server.invoke(.init(Array("event".utf8), id: id))
                let message = try #require(await messages.next())
                #expect(message.path == "invocation/\(id)/response")
                #expect(message.text == "event \(id)")
            }
            // What stands in for Lambda may serve one at a time.
            #expect(server.connections == 1)
        }
    }

    @Test("an empty event and a large answer pass unharmed")
    func sizes() async throws {
        let large = [UInt8](repeating: 0x61, count: 1 << 20)
        try await withRuntime({ event, _ in event.isEmpty ? large : [] }) { server, _ in
            server.invoke(.init([]))
            let message = try await self.first(server)
            #expect(message.body == large)
        }
    }

    @Test("what a handler throws is reported as the invocation's error, and the next invocation is taken")
    func failure() async throws {
        try await withRuntime({ event, _ in
            if event.isEmpty { throw Broken() }
            return event
        }) { server, _ in
            server.invoke(.init([], id: "bad"))
            server.invoke(.init([0x31], id: "good"))
            var messages = server.messages.makeAsyncIterator()
            let report = try #require(await messages.next())
            #expect(report.path == "invocation/bad/error")
            #expect(report.headers["lambda-runtime-function-error-type"] == "Broken")
            #expect(try JSONValue(parsing: report.body)["errorMessage"] == "it \"broke\"\nžluť")
            #expect(await messages.next()?.path == "invocation/good/response")
        }
    }

    @Test("the trace id is in the environment while its invocation runs, and not after")
    func traceID() async throws {
        try await withRuntime({ _, _ in Array(String(cString: getenv("_X_AMZN_TRACE_ID")).utf8) }) { server, _ in
            var messages = server.messages.makeAsyncIterator()
            server.invoke(.init([], headers: [("Lambda-Runtime-Trace-Id", "Root=1-2-3")]))
            #expect(await messages.next()?.text == "Root=1-2-3")
            server.invoke(.init([]))
            #expect(await messages.next()?.text == "")
        }
    }

    @Test("a million trace ids take no more memory than a few, and one that is too long is none")
    func traceIDMemory() throws {
        var places: Set<UInt> = []
        for number in 0..<1000 {
            TraceEnvironment.set("Root=1-\(number)")
            let value = try #require(getenv("_X_AMZN_TRACE_ID"))
            #expect(String(cString: value) == "Root=1-\(number)")
            places.insert(UInt(bitPattern: value))
        }
        #expect(places.count == 8)
        TraceEnvironment.set(String(repeating: "x", count: 5000))
        #expect(getenv("_X_AMZN_TRACE_ID").map { String(cString: $0) } == "")
    }

    @Test("a runtime API that hangs up, under a wait and instead of answers, is asked again")
    func hangUps() async throws {
        try await withRuntime({ event, _ in event }) { server, _ in
            var polls = server.polls.makeAsyncIterator()
            await polls.next()
            server.dropWaiting()
            await polls.next()
            server.hangUp(3)
            server.dropWaiting()
            server.invoke(.init([0x31]))
            let message = try await self.first(server)
            #expect(message.text == "1")
        }
    }

    @Test("an answer is sent again when the runtime API hangs up on it")
    func answerAgain() async throws {
        try await withRuntime({ event, _ in event }) { server, _ in
            var polls = server.polls.makeAsyncIterator()
            await polls.next()
            server.hangUp(2)
            server.invoke(.init([0x31]))
            let message = try await self.first(server)
            #expect(message.path == "invocation/request-1/response")
        }
    }

    @Test("an answer that Lambda finds too large becomes an error, a refused one is left behind")
    func refusals() async throws {
        try await withRuntime({ event, _ in event }) { server, _ in
            server.answerPosts(with: [413, 202, 400, 202])
            for id in ["large", "late", "good"] { server.invoke(.init([0x31], id: id)) }
            var messages = server.messages.makeAsyncIterator()
            var paths: [String] = []
            while paths.count < 4, let message = await messages.next() { paths.append(message.path) }
            #expect(
                paths == ["invocation/large/response", "invocation/large/error", "invocation/late/response", "invocation/good/response"])
        }
    }

    @Test("a runtime API that stays in trouble ends the loop with an error", arguments: [403, 500])
    func trouble(status: Int) async throws {
        let server = try RuntimeAPIServer()
        let loop = try UVLoop()
        var runtime = try LambdaRuntime(loop: loop, environment: { _ in server.address }, logger: RunningRuntime.quiet) { event, _ in event
        }
        runtime.schedule.firstPause = .milliseconds(1)
        runtime.schedule.longestPause = .milliseconds(1)
        for _ in 0..<11 { server.invoke(.init([]), status: status) }
        let error = await #expect(throws: LambdaRuntimeError.self) { try await runtime.run() }
        #expect(error?.code == .refused && error?.underlying == "status \(status)")
        await loop.shutdown()
    }

    @Test("nobody at the address ends the loop with an error")
    func nobody() async throws {
        let port = try freePort()
        let loop = try UVLoop()
        var runtime = try LambdaRuntime(loop: loop, environment: { _ in "127.0.0.1:\(port)" }, logger: RunningRuntime.quiet) { event, _ in
            event
        }
        runtime.schedule.firstPause = .milliseconds(1)
        runtime.schedule.longestPause = .milliseconds(1)
        let error = await #expect(throws: LambdaRuntimeError.self) { try await runtime.run() }
        #expect(error?.code == .unreachable)
        await loop.shutdown()
    }

    @Test("a shutdown lets the invocation in progress finish, and takes no other")
    func shutdown() async throws {
        let gate = Gate()
        try await withRuntime({ event, _ in
            await gate.pass()
            return Task.isCancelled ? Array("cancelled".utf8) : event
        }) { server, runtime in
            server.invoke(.init([0x31], id: "last"))
            server.invoke(.init([0x32], id: "never"))
            try await gate.waitForArrivals(1)
            runtime.shutdown()
            runtime.shutdown()
            gate.open()
            let message = try await self.first(server)
            #expect(message.text == "1")
        }
    }

    @Test("a cancelled run ends like one that was shut down")
    func cancellation() async throws {
        let server = try RuntimeAPIServer()
        let loop = try UVLoop()
        let runtime = try LambdaRuntime(loop: loop, environment: { _ in server.address }, logger: RunningRuntime.quiet) { event, _ in event
        }
        let running = Task(executorPreference: loop) { try await runtime.run() }
        for await _ in server.polls { break }
        running.cancel()
        try await running.value
        await loop.shutdown()
    }

    @Test("an initialisation that failed is reported")
    func initialisation() async throws {
        let server = try RuntimeAPIServer()
        let loop = try UVLoop()
        try await LambdaRuntime.reportInitializationFailure(
            "no \"table\"\nset", type: "SettingsError", loop: loop, environment: { _ in server.address })
        let message = try await self.first(server)
        #expect(message.path == "init/error")
        #expect(try JSONValue(parsing: message.body)["errorMessage"] == "no \"table\"\nset")
        await loop.shutdown()
    }

    @Test("without an address there is nothing to run", arguments: [nil, ""])
    func noAddress(address: String?) async throws {
        let loop = try UVLoop()
        let error = #expect(throws: LambdaRuntimeError.self) {
            try LambdaRuntime(loop: loop, environment: { _ in address }) { event, _ in event }
        }
        #expect(error?.code == .misconfigured)
        await loop.shutdown()
    }
}
