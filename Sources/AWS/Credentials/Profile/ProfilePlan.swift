/// How a profile comes to credentials: where it begins, and which roles are assumed from there. Pure. Source: AWS SDKs and Tools Reference Guide,
/// "Assume role credential provider" and "Standardized credential providers".
struct ProfilePlan: Hashable, Sendable {
    /// The first credentials.
    enum Start: Hashable, Sendable {
        case keys(AWSCredentials)
        case process(String)
        case sso(SSOProfile)
        case webIdentity(RoleRequest, tokenFile: String)
        case source(Source)
    }

    /// What `credential_source` may name.
    enum Source: String, Hashable, Sendable, CaseIterable {
        case environment = "Environment"
        case instance = "Ec2InstanceMetadata"
        case container = "EcsContainer"
    }

    var start: Start
    /// In the order in which they are assumed.
    var roles: [RoleRequest]

    /// Profiles in a chain; a longer one is a mistake.
    private static let limit = 20

    /// Nil when the profile has nothing to do with credentials. Throws `.configuration` for a chain that leads nowhere, `.noCredentials` for half a
    /// pair of keys.
    init?(profile: String, in files: ProfileFiles) throws(AWSError) {
        var roles: [RoleRequest] = []
        var visited: [String] = []
        var name = profile
        while true {
            let settings = files.settings(of: name)
            visited.append(name)
            // Keys of a profile that another one (or itself) names as its source win over the role in it.
            if visited.count > 1, let keys = try files.keys(of: name) {
                self.init(start: .keys(keys), roles: roles.reversed())
                return
            }
            guard let role = try RoleRequest(settings, profile: name) else {
                guard let start = try Self.start(name, settings, files) else {
                    if visited.count == 1 { return nil }
                    throw AWSError(.configuration, "The AWS profile \(name), a source_profile, has no credentials: give it keys or a role.")
                }
                self.init(start: start, roles: roles.reversed())
                return
            }
            switch try Self.next(name, settings, role, files) {
            case .start(let start):
                self.init(start: start, roles: (roles + (Self.includesRole(start) ? [] : [role])).reversed())
                return
            case .profile(let source):
                roles.append(role)
                let refersToItself = source == name
                guard refersToItself || !visited.contains(source), visited.count < Self.limit else {
                    throw AWSError(.configuration, "The AWS profiles refer to each other in a circle (\(visited.joined(separator: ", "))).")
                }
                if refersToItself {
                    guard let keys = try files.keys(of: name) else {
                        throw AWSError(.configuration, "The AWS profile \(name) is its own source_profile and has no keys: give it keys.")
                    }
                    self.init(start: .keys(keys), roles: roles.reversed())
                    return
                }
                name = source
            }
        }
    }

    private init(start: Start, roles: some Sequence<RoleRequest>) {
        self.start = start
        self.roles = Array(roles)
    }

    private enum Next {
        case start(Start)
        case profile(String)
    }

    private static func includesRole(_ start: Start) -> Bool {
        if case .webIdentity = start { return true }
        return false
    }

    /// Where a role's own identity comes from.
    private static func next(
        _ name: String, _ settings: [String: String], _ role: RoleRequest, _ files: ProfileFiles
    ) throws(AWSError) -> Next {
        let (profile, source) = (settings["source_profile"] ?? "", settings["credential_source"] ?? "")
        if !profile.isEmpty, !source.isEmpty {
            throw AWSError(.configuration, "The AWS profile \(name) has both source_profile and credential_source: remove one.")
        }
        if !profile.isEmpty {
            guard files.has(profile) else {
                throw AWSError(.configuration, "The AWS profile \(name) names a source_profile that does not exist: correct it.")
            }
            return .profile(profile)
        }
        if !source.isEmpty {
            guard let known = Source.allCases.first(where: { $0.rawValue.lowercased() == source.lowercased() }) else {
                throw AWSError(
                    .configuration,
                    "credential_source of the AWS profile \(name) is Environment, Ec2InstanceMetadata or EcsContainer: correct it.")
            }
            return .start(.source(known))
        }
        if let file = settings["web_identity_token_file"], !file.isEmpty { return .start(.webIdentity(role, tokenFile: file)) }
        throw AWSError(
            .configuration,
            "The AWS profile \(name) has a role_arn and does not say whose credentials may assume it: add source_profile, credential_source or "
                + "web_identity_token_file.")
    }

    /// The credentials of a profile without a role.
    private static func start(_ name: String, _ settings: [String: String], _ files: ProfileFiles) throws(AWSError) -> Start? {
        if let sso = try SSOProfile(settings, profile: name, in: files) { return .sso(sso) }
        if let keys = try files.keys(of: name) { return .keys(keys) }
        if let command = settings["credential_process"], !command.isEmpty { return .process(command) }
        return nil
    }
}
