/// Credentials that the program already has.
package struct StaticCredentials: ImmediateCredentialSource {
    private let credentials: AWSCredentials

    /// A source of these credentials.
    package init(_ credentials: AWSCredentials) {
        self.credentials = credentials
    }

    package var name: String { "given" }

    package func find() throws(AWSError) -> CredentialFinding { .found(self.credentials) }
}
