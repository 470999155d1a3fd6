package import Logging
import Spans
package import Tracing

/// Tells each span in one line of the log when it ends: for whoever has a log and no collector of traces.
///
/// It continues the caller's trace under either header (`traceparent`, `X-Amzn-Trace-Id`), hands it on under both, and tells every span, whether the caller
/// keeps the trace or not: X-Ray's header says "not sampled" wherever active tracing is off.
package struct LogTracer: Tracer {
    private let logger: Logger

    /// A tracer that writes to this logger, whatever the level of others is: who asked for spans wants them.
    package init(_ logger: Logger) {
        var logger = logger
        logger.logLevel = min(logger.logLevel, .info)
        self.logger = logger
    }

    /// Begins a span: a child of the one in `context`, or the first of a new trace.
    package func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind, at instant: @autoclosure () -> Instant,
        function: String, file fileID: String, line: UInt
    ) -> LogSpan {
        LogSpan(operationName, in: context(), kind: kind, start: instant().nanosecondsSinceEpoch, logger: self.logger)
    }

    /// Nothing is held back.
    package func forceFlush() {}

    /// Takes the caller's span from headers.
    package func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        context.extractTrace(from: carrier, using: extractor)
    }

    /// Hands the current span on in both headers.
    package func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let trace = context.trace else { return }
        injector.inject(trace.traceparent, forKey: TraceHeader.standardName, into: &carrier)
        injector.inject(TraceHeader.text(trace), forKey: TraceHeader.name, into: &carrier)
    }
}
