/// `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
package struct EnvironmentCredentials: CredentialSource {
    private let environment: Environment

    /// A source over these variables.
    package init(_ environment: Environment) {
        self.environment = environment
    }

    package var name: String { "environment" }

    package func load() async throws(AWSError) -> AWSCredentials? {
        let id = self.environment["AWS_ACCESS_KEY_ID"]
        let secret = self.environment["AWS_SECRET_ACCESS_KEY"]
        guard let id, let secret else {
            if id == nil, secret == nil { return nil }
            throw AWSError(
                .noCredentials, "Only one of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY is set; set both, or neither to use a profile.")
        }
        return AWSCredentials(accessKeyID: id, secretAccessKey: secret, sessionToken: self.environment["AWS_SESSION_TOKEN"])
    }
}
