import HTTPTypes
import Hummingbird

/// Refuses methods that no address here knows: the router would say that there is nothing at the address.
struct MethodGuard: RouterMiddleware {
    private static let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]

    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        guard Self.known.contains(request.method) else {
            var problem = Problem(.methodNotAllowed, "no address here knows that method")
            problem.headers[.allow] = "GET, HEAD, POST, PUT, PATCH, DELETE"
            throw problem
        }
        return try await next(request, context)
    }
}
