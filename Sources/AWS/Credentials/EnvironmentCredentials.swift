/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN` and `AWS_ACCOUNT_ID`. Source: AWS SDKs and Tools Reference Guide, "AWS access keys".
package struct EnvironmentCredentials: CredentialSource {
    private let environment: Environment

    /// A source over these variables.
    package init(_ environment: Environment) {
        self.environment = environment
    }

    package var name: String { "environment" }

    package func load() async throws(AWSError) -> CredentialFinding { try self.finding() }

    package func find() throws(AWSError) -> CredentialFinding? { try self.finding() }

    private func finding() throws(AWSError) -> CredentialFinding {
        let id = self.environment["AWS_ACCESS_KEY_ID"]
        let secret = self.environment["AWS_SECRET_ACCESS_KEY"]
        guard let id, let secret else {
            if id == nil, secret == nil { return .absent("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set") }
            throw AWSError(
                .noCredentials, "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set; set both, or neither to use a profile.")
        }
        return .found(
            AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: self.environment["AWS_SESSION_TOKEN"],
                accountID: self.environment["AWS_ACCOUNT_ID"]))
    }
}
