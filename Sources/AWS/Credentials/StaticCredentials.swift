/// Credentials that the program already has.
package struct StaticCredentials: CredentialSource {
    private let credentials: AWSCredentials

    /// A source of these credentials.
    package init(_ credentials: AWSCredentials) {
        self.credentials = credentials
    }

    package var name: String { "given" }

    package func load() async throws(AWSError) -> CredentialFinding { .found(self.credentials) }

    package func find() throws(AWSError) -> CredentialFinding? { .found(self.credentials) }
}
