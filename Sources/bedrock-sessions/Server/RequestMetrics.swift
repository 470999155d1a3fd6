import CoreMetrics
import HTTPTypes
import Hummingbird

/// How long requests took, by method, route and status: each from a set that the program's own text bounds.
struct RequestMetrics: RouterMiddleware {
    /// Seconds from a request's head to its answer's.
    static let duration = "bedrock_sessions.http.request_duration"

    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    /// Whether the method is one of a bounded set: a client may send any word.
    static func isKnown(_ method: HTTPRequest.Method) -> Bool { self.methods.contains(method) }

    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        let dimensions = [
            ("method", Self.isKnown(request.method) ? request.method.rawValue : "other"),
            ("route", context.endpointPath ?? "none"), ("status", String(response.status.code)),
        ]
        Timer(label: Self.duration, dimensions: dimensions).recordNanoseconds(Int64(clampedNanoseconds: clock.now - start))
        return response
    }
}

extension Int64 {
    fileprivate init(clampedNanoseconds duration: Duration) {
        let (seconds, attoseconds) = duration.components
        self = seconds > 9_000_000_000 ? .max : seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
