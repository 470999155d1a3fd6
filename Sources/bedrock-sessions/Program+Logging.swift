import LambdaRuntime
import Logging
import Observability
import Settings
import Spans
import Tracing

extension Program {
    /// Sends the log to standard error. What a command has to say it says in its error sentence, so it logs nothing that is less than critical; the
    /// server logs each event that it answers. `LOG_LEVEL` (trace, debug, info, notice, warning, error, critical) overrides both.
    ///
    /// The lines are those of the Lambda; one that belongs to a trace says so.
    static func startLogging(isServer: Bool) {
        let level = Variables.value("LOG_LEVEL").flatMap { Logger.Level(rawValue: $0.lowercased()) } ?? (isServer ? .info : .critical)
        LoggingSystem.bootstrap(
            { label, provider in
                var handler = LambdaLogHandler(label: label, environment: Variables.value)
                handler.metadataProvider = provider
                handler.logLevel = level
                return handler
            }, metadataProvider: Logger.MetadataProvider { ServiceContext.current?.trace?.metadata ?? [:] })
    }

    /// Has spans written into that log, where `BEDROCK_SESSIONS_TRACES` says so. Before any store: a span belongs to the tracer that was there.
    static func startTracing() {
        if Settings.writesTraces(lookup: Variables.value) { InstrumentationSystem.bootstrap(LogTracer(Logger(label: "trace"))) }
    }
}

extension TraceContext {
    fileprivate var metadata: Logger.Metadata { ["trace_id": .string(self.traceID), "span_id": .string(self.spanID)] }
}
