import Instrumentation
import TestSupport
import Testing

@testable import LambdaRuntime

// Within that suite: its tests run one after the other, since each of these runtimes sets the variable with the trace id.
extension LambdaRuntimeTests {
    @Suite("Traces", .timeLimit(.minutes(1)))
    struct TraceTests {
        @Test("X-Ray's header is the W3C's, with the same ids")
        func traceparent() {
            let header = TraceHeader("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")
            #expect(header.traceparent == "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")
            let other = TraceHeader("Self=1-1-1; Root=1-5759E988-BD862E3FE1BE46A994272793 ;Parent=53995C3F42CD8AD8;Lineage=a:1")
            #expect(other.traceparent == "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00")
        }

        @Test(
            "what has not its form has no other",
            arguments: [
                "", ";", "=", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1", "Parent=53995c3f42cd8ad8",
                "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
                "Root=1-5759e98-bd862e3fe1be46a9942727931;Parent=53995c3f42cd8ad8",
                "Root=1-5759e988-bd862e3fe1be46a99427279g;Parent=53995c3f42cd8ad8",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad",
                "Root=1-5759e988-bd862e3fe1be46a994272793-1;Parent=53995c3f42cd8ad8",
                "Root=1-00000000-000000000000000000000000;Parent=53995c3f42cd8ad8",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=0000000000000000", "žluť",
            ])
        func malformed(text: String) {
            #expect(TraceHeader(text).traceparent == nil)
        }

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
    }
}
