import Hummingbird

extension Router {
    /// Answers the other common methods at `path` with 405 and the list of those that work, not with "not found".
    func refuseOtherMethods(than allowed: [HTTPRequest.Method], at path: RouterPath) {
        let list = allowed.map(\.rawValue).joined(separator: ", ")
        for method in [HTTPRequest.Method.get, .head, .post, .put, .patch, .delete, .options, .trace] where !allowed.contains(method) {
            self.on(path, method: method) { _, _ -> Response in
                var problem = Problem(.methodNotAllowed, "this address does not know that method; it knows \(list)")
                problem.headers[.allow] = list
                throw problem
            }
        }
    }
}
