import HTTP
import JSON

/// The token that a profile is logged in with: from the file where `aws sso login` left it, renewed when it is about to end. Source: AWS SDKs and Tools Reference
/// Guide, "IAM Identity Center credential provider"; IAM Identity Center OIDC API Reference, CreateToken.
struct SSOTokenCache: Sendable {
    private let context: CredentialContext
    private let profile: SSOProfile
    private let endpoint: AWSEndpoint
    private let path: String

    /// A token is renewed this long before it ends, seconds.
    private static let ahead: Int64 = 300
    private static let patience: Duration = .seconds(5)
    private static let attempts = 3

    /// Throws for an endpoint that cannot be used, and where there is no home.
    init(_ context: CredentialContext, _ profile: SSOProfile, _ files: ProfileFiles) throws(AWSError) {
        guard let home = context.environment["HOME"] else { throw .notLoggedIn }
        self.context = context
        self.profile = profile
        self.endpoint = try SSOCredentials.endpoint("sso_oidc", host: "oidc", profile.region, context.environment, files)
        // Named by the SHA-1 of the session's name, or of the start URL.
        self.path = "\(home)/.aws/sso/cache/\(Hex.string(try SHA1.digest(Array(profile.cacheKey.utf8)))).json"
    }

    /// A token that lives. Throws when somebody has to log in.
    func token() async throws(AWSError) -> String {
        guard let token = try self.read() else { throw .notLoggedIn }
        let now = self.context.clock.seconds()
        if token.expiration > now + Self.ahead { return token.accessToken }
        if let renewed = try await self.renewed(token, now) { return renewed.accessToken }
        // Another process may have renewed it at this moment; then ours was refused, for a refresh token is good for one renewal.
        if let other = try self.read(), other.expiration > now { return other.accessToken }
        guard token.expiration > now else { throw .notLoggedIn }
        return token.accessToken
    }

    private func read() throws(AWSError) -> SSOToken? {
        try TextFile.contents(of: self.path).flatMap { SSOToken($0) }
    }

    /// Nil where it cannot be renewed, or is not. Logins without a session (`sso_start_url` in the profile) cannot.
    private func renewed(_ token: SSOToken, _ now: Int64) async throws(AWSError) -> SSOToken? {
        guard self.profile.isSession, let body = token.renewal(now: now) else { return nil }
        let url = self.endpoint.url.hasSuffix("/") ? self.endpoint.url + "token" : self.endpoint.url + "/token"
        let call = HTTPCall(method: "POST", url: url, headers: HTTPHeaders([("Content-Type", "application/json")]), body: body)
        let answer: HTTPAnswer
        do throws(HTTPError) {
            answer = try await self.context.send(call, over: self.context.services, attempts: Self.attempts, deadline: Self.patience)
        } catch {
            if error.code == .cancelled || error.code == .closed { throw AWSError(error, attempts: 1) }
            return nil
        }
        guard answer.status == 200, let renewed = token.renewed(by: answer.body, now: now) else { return nil }
        // Where the file cannot be written this process goes on with the token; the next one has to log in.
        try? TextFile.replace(self.path, with: renewed.document.encoded)
        return renewed
    }
}

extension AWSError {
    static let notLoggedIn = AWSError(
        .noCredentials, "There is no valid token of IAM Identity Center: run `aws sso login` with this profile.")
}
