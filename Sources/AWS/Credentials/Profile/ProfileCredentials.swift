/// The credentials of the profile in use: keys, a role, a program, IAM Identity Center.
struct ProfileCredentials: CredentialSource {
    private let context: CredentialContext

    /// A source over the files that the variables name; they are read at each `load`, so that a changed file is seen.
    init(_ context: CredentialContext) {
        self.context = context
    }

    var name: String { "profile" }

    func load() async throws(AWSError) -> CredentialFinding {
        let files = try ProfileFiles(environment: self.context.environment)
        try files.checkProfileExists()
        guard files.has(files.profile) else {
            return .absent("there is no profile \(files.profile) in ~/.aws/config or ~/.aws/credentials")
        }
        guard let plan = try ProfilePlan(profile: files.profile, in: files) else {
            return .absent("the profile \(files.profile) has no keys, role, credential_process or sso_session")
        }
        var credentials = try await self.credentials(plan.start, files)
        if !plan.roles.isEmpty {
            let sts = try STSClient(self.context, files: files)
            for role in plan.roles { credentials = try await sts.assume(role, with: credentials) }
        }
        return .found(credentials)
    }

    private func credentials(_ start: ProfilePlan.Start, _ files: ProfileFiles) async throws(AWSError) -> AWSCredentials {
        switch start {
        case .keys(let credentials): return credentials
        case .process(let command): return try await ProcessCredentials(self.context).credentials(of: command)
        case .sso(let profile): return try await SSOCredentials(self.context).credentials(of: profile, files)
        case .webIdentity(let role, let file):
            return try await WebIdentityCredentials.credentials(role, tokenFile: file, try STSClient(self.context, files: files))
        case .source(let source):
            let place = self.source(source)
            switch try await place.load() {
            case .found(let credentials): return credentials
            case .absent(let reason):
                throw AWSError(.noCredentials, "The AWS profile takes its credentials from the \(place.name), and \(reason).")
            }
        }
    }

    private func source(_ source: ProfilePlan.Source) -> any CredentialSource {
        switch source {
        case .environment: EnvironmentCredentials(self.context.environment)
        case .instance: InstanceCredentials(self.context)
        case .container: ContainerCredentials(self.context)
        }
    }
}
