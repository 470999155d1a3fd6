public import Instrumentation
import Spans

/// What a tracer extracts the caller's span from.
struct TraceCarrier: Sendable {
    let header: String

    struct Extract: Extractor {
        /// X-Ray's header as it came, and the same trace under the W3C's name, which most tracers look for.
        func extract(key: String, from carrier: TraceCarrier) -> String? {
            switch key.lowercased() {
            case TraceHeader.name.lowercased(): carrier.header
            case TraceHeader.standardName: TraceHeader(carrier.header).traceparent
            default: nil
            }
        }
    }
}

extension ServiceContext {
    private enum RequestIDKey: ServiceContextKey {
        typealias Value = String
        static let nameOverride: String? = "lambda-request-id"
    }

    private enum TraceIDKey: ServiceContextKey {
        typealias Value = String
        static let nameOverride: String? = "lambda-trace-id"
    }

    /// The request id of the Lambda invocation that this is part of.
    public internal(set) var lambdaRequestID: String? {
        get { self[RequestIDKey.self] }
        set { self[RequestIDKey.self] = newValue }
    }

    /// X-Ray's trace header of the Lambda invocation that this is part of.
    public internal(set) var lambdaTraceID: String? {
        get { self[TraceIDKey.self] }
        set { self[TraceIDKey.self] = newValue }
    }

    /// The context of an invocation: its ids, and what the process's tracer makes of the trace header, so that spans of the handler continue the trace.
    static func invocation(_ context: LambdaContext) -> ServiceContext {
        var service = ServiceContext.topLevel
        service.lambdaRequestID = context.requestID
        if let traceID = context.traceID {
            service.lambdaTraceID = traceID
            InstrumentationSystem.instrument.extract(TraceCarrier(header: traceID), into: &service, using: TraceCarrier.Extract())
        }
        return service
    }
}
