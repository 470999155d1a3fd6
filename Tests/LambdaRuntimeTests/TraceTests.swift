import EventLoop
import InMemoryTracing
import Instrumentation
import TestSupport
import Testing
import Tracing

@testable import LambdaRuntime

// Within that suite: its tests run one after the other, since each of these runtimes sets the variable with the trace id.
extension LambdaRuntimeTests {
    @Suite("Traces", .timeLimit(.minutes(1)))
    struct TraceTests {
        /// Keeps what a tracer would find.
        private struct Finder: Instrument {
            enum Key: ServiceContextKey {
                typealias Value = [String]
            }

            func extract<Carrier, Extract: Extractor>(
                _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
            ) where Extract.Carrier == Carrier {
                context[Key.self] = ["X-Amzn-Trace-Id", "traceparent", "tracestate"].map {
                    extractor.extract(key: $0, from: carrier) ?? "-"
                }
            }

            func inject<Carrier, Inject: Injector>(
                _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
            ) where Inject.Carrier == Carrier {}
        }

        @Test("the process's tracer finds the caller's span under both names, and tasks of the handler inherit what it made of it")
        func tracer() async throws {
            InstrumentationSystem.bootstrap(Finder())
            try await withRuntime({ _, _ in
                let found = await Task { ServiceContext.current?[Finder.Key.self] ?? ["nothing"] }.value
                return Array(found.joined(separator: " ").utf8)
            }) { server, _ in
                var messages = server.messages.makeAsyncIterator()
                let header = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
                server.invoke(.init([], headers: [("Lambda-Runtime-Trace-Id", header)]))
                #expect(await messages.next()?.text == "\(header) 00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01 -")
                server.invoke(.init([]))
                #expect(await messages.next()?.text == "nothing")
            }
        }

        private struct Broken: Error {}

        /// Runs `body` beside a runtime whose process has `tracer`.
        private func traced(
            _ tracer: InMemoryTracer, _ handler: @escaping LambdaRuntime.Handler, _ body: (RuntimeAPIServer) async throws -> Void
        ) async throws {
            try await withTracer(tracer) { () async throws in
                try await withRuntime(handler) { server, _ in try await body(server) }
            }
        }

        @Test("an invocation is a span around its handler, with the request id; what the handler throws is told by its type alone")
        func span() async throws {
            let tracer = InMemoryTracer()
            try await self.traced(tracer) { event, _ in
                if event.isEmpty { throw Broken() }
                return tracer.withSpan("within") { _ in event }
            } _: { server in
                var messages = server.messages.makeAsyncIterator()
                server.invoke(.init([0x31], id: "good"))
                #expect(await messages.next()?.path == "invocation/good/response")
                server.invoke(.init([], id: "bad"))
                #expect(await messages.next()?.path == "invocation/bad/error")
            }
            let spans = tracer.finishedSpans
            #expect(spans.map(\.operationName) == ["within", "bedrock_sessions.invocation", "bedrock_sessions.invocation"])
            try #require(spans.count == 3)
            #expect(spans[0].parentSpanID == spans[1].spanID && spans[0].traceID == spans[1].traceID)
            #expect(spans[2].traceID != spans[1].traceID && spans[1].kind == .server)
            #expect(spans[1].attributes == ["faas.invocation_id": "good"] && spans[1].status == nil)
            #expect(spans[2].attributes == ["faas.invocation_id": "bad", "error.type": "Broken"])
            #expect(spans[2].status == SpanStatus(code: .error) && spans[2].errors.isEmpty)
        }

        @Test("an invocation that is given up is a span that failed, although its handler goes on")
        func late() async throws {
            let (tracer, gate) = (InMemoryTracer(), Gate())
            try await self.traced(tracer) { event, _ in
                await Task { await gate.pass() }.value
                return event
            } _: { server in
                var messages = server.messages.makeAsyncIterator()
                server.invoke(.init([], id: "stuck", headers: [("Lambda-Runtime-Deadline-Ms", "1")]))
                #expect(await messages.next()?.path == "invocation/stuck/error")
                gate.open()
            }
            #expect(tracer.finishedSpans.map(\.attributes) == [["faas.invocation_id": "stuck", "error.type": "HandlerTimeout"]])
        }

        @Test("the span is part of the trace that the runtime API names")
        func continued() async throws {
            let tracer = InMemoryTracer()
            try await self.traced(tracer) { event, _ in
                event
            } _: { server in
                var messages = server.messages.makeAsyncIterator()
                server.invoke(.init([], headers: [("Lambda-Runtime-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")]))
                _ = await messages.next()
            }
            let carriers = tracer.performedContextExtractions.map(\.carrier)
            #expect(carriers.map { ($0 as? TraceCarrier)?.header } == ["Root=1-5759e988-bd862e3fe1be46a994272793"])
        }
    }
}
