import HTTPTypes
import Hummingbird

/// Lets requests pass that show the token: RFC 6750, `Authorization: Bearer`. Whether the process is well is told to anybody.
struct TokenGuard: RequestCheck {
    private let token: [UInt8]

    /// The paths that need no token: a balancer has none, and there is nothing in their answers.
    private static let open: Set<String> = ["/healthz", "/readyz"]

    init(token: String) {
        self.token = Array(token.utf8)
    }

    func admit(_ request: Request) throws(Problem) {
        guard Self.open.contains(request.uri.path) || self.admits(request.headers[.authorization]) else {
            var problem = Problem(.unauthorized, "show the server's token: Authorization: Bearer, then the value of BEDROCK_SESSIONS_TOKEN")
            problem.headers[.wwwAuthenticate] = "Bearer"
            throw problem
        }
    }

    /// Looks at every byte, whichever is wrong: how long it takes says nothing about where.
    private func admits(_ field: String?) -> Bool {
        let scheme = "bearer "
        guard let field, field.count > scheme.count, field.prefix(scheme.count).lowercased() == scheme else { return false }
        let given = Array(field.dropFirst(scheme.count).utf8)
        var difference = UInt8(given.count == self.token.count ? 0 : 1)
        for (index, byte) in self.token.enumerated() { difference |= byte ^ (index < given.count ? given[index] : 0) }
        return difference == 0
    }
}
