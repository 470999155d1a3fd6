import Hummingbird

/// Something that a request has to pass before anything is done about it.
protocol RequestCheck: Sendable {
    /// Throws the problem to answer with.
    func admit(_ request: Request) throws(Problem)
}

/// All checks, in their order. One middleware: each of its own would be two more asynchronous calls for every request.
struct Admission: RouterMiddleware {
    let checks: [any RequestCheck]

    func handle(
        _ request: Request, context: BasicRequestContext, next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        for check in self.checks { try check.admit(request) }
        return try await next(request, context)
    }
}
