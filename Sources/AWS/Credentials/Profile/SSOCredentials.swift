import HTTP
import JSON

/// Credentials of IAM Identity Center, for the token that `aws sso login` left in its cache. Source: AWS SDKs and Tools Reference Guide, "IAM Identity
/// Center credential provider"; IAM Identity Center Portal API Reference, GetRoleCredentials.
struct SSOCredentials: Sendable {
    private let context: CredentialContext

    private static let patience: Duration = .seconds(5)
    private static let attempts = 3

    init(_ context: CredentialContext) {
        self.context = context
    }

    func credentials(of profile: SSOProfile, _ files: ProfileFiles) async throws(AWSError) -> AWSCredentials {
        let token = try self.token(profile, files)
        let endpoint = try self.endpoint(profile.region, files)
        var url = endpoint.url.hasSuffix("/") ? String(endpoint.url.dropLast()) : endpoint.url
        url += "/federation/credentials?account_id=\(Self.encoded(profile.accountID))&role_name=\(Self.encoded(profile.roleName))"
        let answer: HTTPAnswer
        do throws(HTTPError) {
            answer = try await self.context.send(
                HTTPCall(method: "GET", url: url, headers: HTTPHeaders([("x-amz-sso_bearer_token", token)])), over: self.context.services,
                attempts: Self.attempts, deadline: Self.patience)
        } catch {
            throw AWSError(.noCredentials, "IAM Identity Center does not answer (\(error.message)).")
        }
        switch answer.status {
        case 200: break
        case 401: throw Self.login()
        case 403, 404:
            throw AWSError(.noCredentials, "IAM Identity Center refuses this account or role: check sso_account_id and sso_role_name.")
        default: throw AWSError(.noCredentials, "IAM Identity Center answers with HTTP \(answer.status): try again.")
        }
        guard let credentials = Self.credentials(in: answer.body, account: profile.accountID) else {
            throw AWSError(.noCredentials, "IAM Identity Center answers with no credentials: check AWS_ENDPOINT_URL_SSO.")
        }
        return credentials
    }

    private func endpoint(_ region: String, _ files: ProfileFiles) throws(AWSError) -> AWSEndpoint {
        let environment = self.context.environment
        if let endpoint = try AWSEndpoint.configured(service: "sso", environment: environment, files: files) { return endpoint }
        return try AWSEndpoint(url: "https://" + EndpointVariant(environment, files).host(of: "portal.sso", region: region))
    }

    /// The cached token: a file named by the SHA-1 of the session's name, or of the start URL.
    private func token(_ profile: SSOProfile, _ files: ProfileFiles) throws(AWSError) -> String {
        let name = Hex.string(try SHA1.digest(Array(profile.cacheKey.utf8)))
        guard let home = self.context.environment["HOME"],
            let text = try TextFile.contents(of: "\(home)/.aws/sso/cache/\(name).json"),
            let document = try? JSONDocument(parsing: Array(text.utf8))
        else { throw Self.login() }
        let (token, end) = document.withRoot { ($0["accessToken"]?.string ?? "", $0["expiresAt"]?.string.flatMap(InstantText.seconds)) }
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let end, end > self.context.clock.seconds() else {
            throw Self.login()
        }
        return token
    }

    private static func credentials(in body: [UInt8], account: String) -> AWSCredentials? {
        guard let document = try? JSONDocument(parsing: body) else { return nil }
        return document.withRoot { root in
            guard let role = root["roleCredentials"], let id = role["accessKeyId"]?.string, let secret = role["secretAccessKey"]?.string,
                !id.isEmpty, !secret.isEmpty
            else { return nil }
            return AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: role["sessionToken"]?.string,
                expiration: role["expiration"]?.integer.map { $0 / 1000 }, accountID: account)
        }
    }

    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 { PercentEncoding.append(byte, to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func login() -> AWSError {
        AWSError(.noCredentials, "There is no valid token of IAM Identity Center: run `aws sso login` with this profile.")
    }
}
