package import Tracing

/// Records spans with a tracer. Where there is none there is no recorder either: then a span costs one look at an optional, which a cached read can afford.
package final class SpanRecorder: Sendable {
    private let tracer: any Tracer

    /// Nil without a tracer. Whoever records asks once, when it is made: `InstrumentationSystem.bootstrap` comes before stores and adapters.
    package init?(_ tracer: any Tracer = InstrumentationSystem.tracer) {
        guard !(tracer is NoOpTracer) else { return nil }
        self.tracer = tracer
    }

    /// Records a span around `body`, a child of the task's current one; spans within are its children. `kindOfFailure` names what an error is: the error
    /// itself is kept from the tracer, which would tell all that it says.
    package func record<Answer, Failure: Error>(
        _ name: SpanName, kindOfFailure: (Failure) -> String, _ body: (OpenSpan) async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        let span = self.tracer.startSpan(name.text, ofKind: name.kind)
        let open = OpenSpan(span)
        let result = await ServiceContext.withValue(span.context) { () async -> Result<Answer, Failure> in
            do throws(Failure) {
                return .success(try await body(open))
            } catch {
                open.fail(kindOfFailure(error))
                return .failure(error)
            }
        }
        span.end()
        return try result.get()
    }

    /// The same around what throws nothing.
    package func record<Answer>(_ name: SpanName, _ body: (OpenSpan) async -> Answer) async -> Answer {
        let span = self.tracer.startSpan(name.text, ofKind: name.kind)
        let answer = await ServiceContext.withValue(span.context) { await body(OpenSpan(span)) }
        span.end()
        return answer
    }
}
