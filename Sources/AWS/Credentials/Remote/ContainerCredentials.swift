import HTTP

/// Credentials of a container's role: ECS, EKS Pod Identity, Greengrass. Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
struct ContainerCredentials: CredentialSource {
    private let context: CredentialContext
    private let agent: String

    init(_ context: CredentialContext, agent: String = ContainerEndpoint.agent) {
        self.context = context
        self.agent = agent
    }

    var name: String { "container" }

    /// The time for one attempt; the agent is on the same machine.
    private static let patience: Duration = .seconds(2)
    private static let attempts = 3

    func load() async throws(AWSError) -> CredentialFinding {
        let environment = self.context.environment
        let url = try ContainerEndpoint.url(
            relative: environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"], full: environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
            agent: self.agent)
        guard let url else {
            return .absent("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not set")
        }
        var headers = HTTPHeaders()
        headers.append("Accept", "application/json")
        if let token = try self.token() { headers.append("Authorization", token) }
        let answer: HTTPAnswer
        do throws(HTTPError) {
            answer = try await self.context.send(
                HTTPCall(method: "GET", url: url, headers: headers), over: self.context.local, attempts: Self.attempts,
                deadline: Self.patience)
        } catch {
            throw AWSError(.noCredentials, "The container's agent does not answer with credentials (\(error.message)).")
        }
        guard answer.status == 200 else {
            throw AWSError(
                .noCredentials, "The container's agent refuses to give credentials (HTTP \(answer.status)): check the task's or pod's role."
            )
        }
        guard let credentials = CredentialDocument.credentials(answer.body) else {
            throw AWSError(
                .noCredentials, "The container's agent answers with no credentials: check AWS_CONTAINER_CREDENTIALS_FULL_URI.")
        }
        return .found(credentials)
    }

    /// The file wins: it is replaced while the process runs.
    private func token() throws(AWSError) -> String? {
        let environment = self.context.environment
        var token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            guard let text = try TextFile.contents(of: path) else {
                throw AWSError(
                    .configuration, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names a file that is not there: correct it or unset it.")
            }
            token = String(Text.trimmed(text[...]))
        }
        guard let token else { return nil }
        guard !token.isEmpty, token.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw AWSError(.configuration, "The container's authorization token is empty or has line ends: check its variable or file.")
        }
        return token
    }
}
