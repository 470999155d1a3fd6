import HTTPTypes
import Hummingbird
import Spans
import Tracing

/// A span for each request but those of probes, and the caller's trace for everything that happens within.
///
/// Hummingbird's own middleware tells the path, which has the session's id in it.
struct RequestSpans: RouterMiddleware {
    /// What asks again and again, and is nobody's conversation.
    private static let probes: Set<String> = ["/healthz", "/readyz", "/metrics"]

    private let spans = SpanRecorder()

    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        var service = ServiceContext.current ?? .topLevel
        service.extractTrace(from: request.headers, using: FieldExtractor())
        return try await ServiceContext.withValue(service) {
            guard let spans = self.spans, !Self.probes.contains(request.uri.path) else { return try await next(request, context) }
            return try await self.record(request, context, spans, next)
        }
    }

    /// Source of the names: OpenTelemetry's semantic conventions for HTTP.
    private func record(
        _ request: Request, _ context: BasicRequestContext, _ spans: SpanRecorder,
        _ next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let method = RequestMetrics.isKnown(request.method) ? request.method.rawValue : "_OTHER"
        return try await spans.record(
            .request(method: method, route: nil), kindOfFailure: { (error: any Error) in String(describing: type(of: error)) }
        ) { span in
            span.set(.httpMethod, method)
            let response = try await next(request, context)
            // Only now is it known which route it is.
            if let route = context.endpointPath {
                span.rename(.request(method: method, route: route))
                span.set(.httpRoute, route)
            }
            let status = Int(response.status.code)
            span.set(.httpStatus, status)
            if status >= 500 { span.fail(String(status)) }
            return response
        }
    }
}

/// Reads the headers of traces.
private struct FieldExtractor: Extractor {
    func extract(key: String, from fields: HTTPFields) -> String? {
        HTTPField.Name(key).flatMap { fields[$0] }
    }
}
