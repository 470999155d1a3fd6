import HTTPTypes
import Hummingbird

/// Refuses methods that no address here knows: the router would say that there is nothing at the address.
struct MethodGuard: RequestCheck {
    private static let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace]

    func admit(_ request: Request) throws(Problem) {
        guard Self.known.contains(request.method) else {
            var problem = Problem(.methodNotAllowed, "no address here knows that method")
            problem.headers[.allow] = "GET, HEAD, POST, PUT, PATCH, DELETE"
            throw problem
        }
    }
}
