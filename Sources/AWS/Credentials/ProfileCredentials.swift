/// The static keys of the profile in use, from the shared files.
package struct ProfileCredentials: CredentialSource {
    private let environment: Environment

    /// A source over the files that these variables name; they are read at each `load`, so that a changed file is seen.
    package init(_ environment: Environment) {
        self.environment = environment
    }

    package var name: String { "profile" }

    package func load() async throws(AWSError) -> AWSCredentials? {
        let files = try ProfileFiles(environment: self.environment)
        try files.checkProfileExists()
        return try files.staticCredentials()
    }
}
