/// The profile in use, from both shared files.
package struct ProfileFiles: Sendable {
    private let config: ProfileFile
    private let credentials: ProfileFile
    /// The name of the profile in use: `AWS_PROFILE`, or `default`.
    package let profile: String
    /// Whether the name was asked for: then it has to exist.
    private let isNamed: Bool

    /// Reads the files that the environment names (`AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`), or those in `~/.aws`. A file that is not
    /// there is empty; one that cannot be read or parsed is an error.
    package init(environment: Environment) throws(AWSError) {
        try self.init(environment: environment, read: TextFile.contents)
    }

    init(environment: Environment, read: (String) throws(AWSError) -> String?) throws(AWSError) {
        let name = environment["AWS_PROFILE"]
        self.profile = name ?? "default"
        self.isNamed = name != nil
        self.config = try Self.load("AWS_CONFIG_FILE", "config", .config, environment, read)
        self.credentials = try Self.load("AWS_SHARED_CREDENTIALS_FILE", "credentials", .credentials, environment, read)
    }

    /// A setting of the profile; the credentials file wins.
    package subscript(name: String) -> String? {
        for file in [self.credentials, self.config] {
            if let value = file.profiles[self.profile]?[name], !value.isEmpty { return value }
        }
        return nil
    }

    /// Whether a profile is in either file.
    func has(_ profile: String) -> Bool {
        self.config.profiles[profile] != nil || self.credentials.profiles[profile] != nil
    }

    /// All settings of a profile; the credentials file wins.
    func settings(of profile: String) -> [String: String] {
        (self.config.profiles[profile] ?? [:]).merging(self.credentials.profiles[profile] ?? [:]) { $1 }
    }

    /// A setting for one service, from the `services` section that the profile names.
    func setting(_ name: String, ofService service: String) -> String? {
        guard let group = self["services"], let value = self.config.services[group]?["\(service).\(name)"], !value.isEmpty else {
            return nil
        }
        return value
    }

    /// The settings of an `sso-session` section.
    func ssoSession(_ name: String) -> [String: String]? {
        self.config.ssoSessions[name]
    }

    /// Throws when `AWS_PROFILE` names a profile that is in neither file.
    package func checkProfileExists() throws(AWSError) {
        guard self.isNamed, !self.has(self.profile) else { return }
        throw AWSError(
            .configuration,
            "AWS_PROFILE names a profile that neither the AWS configuration file nor the credentials file has; correct it or unset it.")
    }

    /// The static keys of a profile, nil if it has none. Both have to be in one file; half a pair is an error.
    func keys(of profile: String) throws(AWSError) -> AWSCredentials? {
        for file in [self.credentials, self.config] {
            let settings = file.profiles[profile] ?? [:]
            let id = settings["aws_access_key_id"] ?? ""
            let secret = settings["aws_secret_access_key"] ?? ""
            if id.isEmpty, secret.isEmpty { continue }
            guard !id.isEmpty, !secret.isEmpty else {
                throw AWSError(
                    .noCredentials,
                    "The AWS profile in use has only one of aws_access_key_id and aws_secret_access_key; give it both in one file.")
            }
            return AWSCredentials(
                accessKeyID: id, secretAccessKey: secret, sessionToken: settings["aws_session_token"],
                accountID: self.settings(of: profile)["aws_account_id"])
        }
        return nil
    }

    private static func load(
        _ variable: String, _ file: String, _ style: ProfileFile.Style, _ environment: Environment,
        _ read: (String) throws(AWSError) -> String?
    ) throws(AWSError) -> ProfileFile {
        guard let path = self.path(environment[variable], file, environment), let text = try read(path) else { return ProfileFile() }
        return try ProfileFile(text, style: style)
    }

    private static func path(_ given: String?, _ file: String, _ environment: Environment) -> String? {
        let path = given ?? "~/.aws/\(file)"
        guard path.hasPrefix("~/") else { return path }
        return environment["HOME"].map { $0 + path.dropFirst() }
    }
}
