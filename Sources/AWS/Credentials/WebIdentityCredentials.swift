/// A role for a token that a platform writes into a file: EKS service accounts, GitHub. Source: AWS SDKs and Tools Reference Guide, "Assume role
/// credential provider".
struct WebIdentityCredentials: CredentialSource {
    private let context: CredentialContext

    init(_ context: CredentialContext) {
        self.context = context
    }

    var name: String { "web identity" }

    func load() async throws(AWSError) -> CredentialFinding {
        let environment = self.context.environment
        guard let file = environment["AWS_WEB_IDENTITY_TOKEN_FILE"] else { return .absent("AWS_WEB_IDENTITY_TOKEN_FILE is not set") }
        guard let arn = environment["AWS_ROLE_ARN"] else {
            throw AWSError(.configuration, "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not: set both, or neither.")
        }
        let role = RoleRequest(arn: arn, sessionName: environment["AWS_ROLE_SESSION_NAME"])
        let files = try? ProfileFiles(environment: environment)
        return .found(try await Self.credentials(role, tokenFile: file, try STSClient(self.context, files: files)))
    }

    /// The file is read each time: its token is replaced while the process runs.
    static func credentials(_ role: RoleRequest, tokenFile: String, _ sts: STSClient) async throws(AWSError) -> AWSCredentials {
        guard let text = try TextFile.contents(of: tokenFile) else {
            throw AWSError(
                .configuration,
                "The file of the web identity token is not there: check AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file.")
        }
        let token = String(Text.trimmed(text[...]))
        guard !token.isEmpty else {
            throw AWSError(.configuration, "The file of the web identity token is empty: check what should write it.")
        }
        return try await sts.assume(role, webIdentityToken: token)
    }
}
