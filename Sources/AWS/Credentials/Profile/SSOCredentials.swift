import HTTP
import JSON

/// Credentials of IAM Identity Center, for the token that `aws sso login` left in its cache (`SSOTokenCache`). Source: AWS SDKs and Tools Reference Guide, "IAM Identity
/// Center credential provider"; IAM Identity Center Portal API Reference, GetRoleCredentials.
struct SSOCredentials: Sendable {
    private let context: CredentialContext

    private static let patience: Duration = .seconds(5)
    private static let attempts = 3

    init(_ context: CredentialContext) {
        self.context = context
    }

    func credentials(of profile: SSOProfile, _ files: ProfileFiles) async throws(AWSError) -> AWSCredentials {
        let token = try await SSOTokenCache(self.context, profile, files).token()
        let endpoint = try Self.endpoint("sso", host: "portal.sso", profile.region, self.context.environment, files)
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
        case 401: throw .notLoggedIn
        case 403, 404:
            throw AWSError(.noCredentials, "IAM Identity Center refuses this account or role: check sso_account_id and sso_role_name.")
        default: throw AWSError(.noCredentials, "IAM Identity Center answers with HTTP \(answer.status): try again.")
        }
        guard let credentials = Self.credentials(in: answer.body, account: profile.accountID) else {
            throw AWSError(.noCredentials, "IAM Identity Center answers with no credentials: check AWS_ENDPOINT_URL_SSO.")
        }
        return credentials
    }

    /// Where a service of Identity Center answers: configured for `service`, or AWS's own `host` in the region.
    static func endpoint(
        _ service: String, host: String, _ region: String, _ environment: Environment, _ files: ProfileFiles
    ) throws(AWSError) -> AWSEndpoint {
        if let endpoint = try AWSEndpoint.configured(service: service, environment: environment, files: files) { return endpoint }
        return try AWSEndpoint(url: "https://" + EndpointVariant(environment, files).host(of: host, region: region))
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
}
