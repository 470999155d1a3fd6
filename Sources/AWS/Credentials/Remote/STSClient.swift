import HTTP

/// The Security Token Service: temporary credentials of a role. Source: AWS STS API Reference, AssumeRole and AssumeRoleWithWebIdentity.
struct STSClient: Sendable {
    private let context: CredentialContext
    private let configuration: AWSServiceConfiguration

    /// The time for a call, retries included.
    private static let deadline: Duration = .seconds(20)

    /// In the region that is configured; without one, at the global endpoint. Throws `.configuration` for an endpoint that cannot be used.
    init(_ context: CredentialContext, files: ProfileFiles?) throws(AWSError) {
        let environment = context.environment
        let region = environment["AWS_REGION"] ?? environment["AWS_DEFAULT_REGION"] ?? files?["region"]
        self.context = context
        self.configuration = AWSServiceConfiguration(
            service: "sts", region: region ?? "us-east-1", endpoint: try Self.endpoint(region, environment, files))
    }

    private static func endpoint(_ region: String?, _ environment: Environment, _ files: ProfileFiles?) throws(AWSError) -> AWSEndpoint {
        if let region {
            return try .resolve(service: "sts", region: region, explicit: nil, environment: environment, files: files)
        }
        if let endpoint = try AWSEndpoint.configured(service: "sts", environment: environment, files: files) { return endpoint }
        return try AWSEndpoint(url: "https://sts.amazonaws.com")
    }

    /// The role's credentials, asked for with those of another identity.
    func assume(_ role: RoleRequest, with credentials: AWSCredentials) async throws(AWSError) -> AWSCredentials {
        var form = [("Action", "AssumeRole"), ("RoleArn", role.arn), ("RoleSessionName", self.sessionName(role))]
        if let id = role.externalID { form.append(("ExternalId", id)) }
        if let seconds = role.duration { form.append(("DurationSeconds", "\(seconds)")) }
        return try await self.call(form, role, credentials)
    }

    /// The role's credentials, asked for with a token of a web identity: not signed.
    func assume(_ role: RoleRequest, webIdentityToken token: String) async throws(AWSError) -> AWSCredentials {
        var form = [
            ("Action", "AssumeRoleWithWebIdentity"), ("RoleArn", role.arn), ("RoleSessionName", self.sessionName(role)),
            ("WebIdentityToken", token),
        ]
        if let seconds = role.duration { form.append(("DurationSeconds", "\(seconds)")) }
        return try await self.call(form, role, nil)
    }

    private func sessionName(_ role: RoleRequest) -> String {
        role.sessionName ?? "bedrock-sessions-\(self.context.clock.seconds())"
    }

    private func call(
        _ form: [(String, String)], _ role: RoleRequest, _ credentials: AWSCredentials?
    ) async throws(AWSError) -> AWSCredentials {
        var configuration = self.configuration
        configuration.retry = .general
        let chain = CredentialChain(credentials.map { [StaticCredentials($0)] } ?? [], now: self.context.clock.seconds)
        let client = try AWSServiceClient(
            configuration: configuration, http: self.context.services, loop: self.context.loop, credentials: chain,
            clock: self.context.clock)
        var call = AWSCall(
            target: nil, contentType: "application/x-www-form-urlencoded; charset=utf-8", body: Self.encoded(form), retryAfterSent: true)
        call.isSigned = credentials != nil
        let answer: HTTPAnswer
        do throws(AWSError) {
            answer = try await client.call(call, deadline: Self.deadline)
        } catch {
            throw Self.refusal(error)
        }
        guard let credentials = Self.credentials(in: String(decoding: answer.body, as: UTF8.self), role) else {
            throw AWSError(.noCredentials, "STS answers with no credentials: check AWS_ENDPOINT_URL_STS.")
        }
        return credentials
    }

    /// A form as its media type has it (WHATWG URL Standard, application/x-www-form-urlencoded), with `%20` for a space.
    private static func encoded(_ form: [(String, String)]) -> [UInt8] {
        var text: [UInt8] = []
        for (name, value) in form + [("Version", "2011-06-15")] {
            if !text.isEmpty { text.append(UInt8(ascii: "&")) }
            text.append(contentsOf: name.utf8)
            text.append(UInt8(ascii: "="))
            for byte in value.utf8 { PercentEncoding.append(byte, to: &text) }
        }
        return text
    }

    private static func credentials(in xml: String, _ role: RoleRequest) -> AWSCredentials? {
        guard let id = XMLText.element("AccessKeyId", in: xml), let secret = XMLText.element("SecretAccessKey", in: xml),
            let token = XMLText.element("SessionToken", in: xml),
            let expiration = XMLText.element("Expiration", in: xml).flatMap(InstantText.seconds), !id.isEmpty, !secret.isEmpty
        else { return nil }
        // arn:aws:sts::ACCOUNT:assumed-role/...
        let account = (XMLText.element("Arn", in: xml) ?? role.arn).split(separator: ":", omittingEmptySubsequences: false)
        return AWSCredentials(
            accessKeyID: id, secretAccessKey: secret, sessionToken: token, expiration: expiration,
            accountID: account.count > 4 ? String(account[4]) : nil)
    }

    /// STS's own sentence may name the caller and the role: only its code is kept.
    private static func refusal(_ error: AWSError) -> AWSError {
        guard error.kind == .service else {
            return AWSError(.noCredentials, "STS cannot be asked for the role's credentials: \(error.message)", attempts: error.attempts)
        }
        return AWSError(
            .noCredentials,
            "STS refuses the role's credentials (\(error.code)): check role_arn, the role's trust policy and the identity that asks.",
            requestID: error.requestID, attempts: error.attempts)
    }
}
