/// What a profile says of IAM Identity Center. Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".
struct SSOProfile: Hashable, Sendable {
    var accountID: String
    var roleName: String
    var region: String
    /// What the name of the cached token's file is made of: the session's name, or the start URL.
    var cacheKey: String
    /// Whether it names an `sso-session`, whose login can be renewed; otherwise the settings are the profile's own (legacy).
    var isSession: Bool

    /// Nil when the profile has no such settings. Throws for half of them.
    init?(_ settings: [String: String], profile: String, in files: ProfileFiles) throws(AWSError) {
        let session = settings["sso_session"] ?? ""
        guard let account = settings["sso_account_id"], let role = settings["sso_role_name"], !account.isEmpty, !role.isEmpty else {
            if session.isEmpty, settings["sso_start_url"] == nil, settings["sso_account_id"] == nil { return nil }
            throw AWSError(.configuration, "The AWS profile \(profile) needs both sso_account_id and sso_role_name: add them.")
        }
        let place = session.isEmpty ? settings : files.ssoSession(session) ?? [:]
        guard let region = place["sso_region"], let url = place["sso_start_url"], AWSRegion.isValid(region), !url.isEmpty else {
            throw AWSError(
                .configuration,
                session.isEmpty
                    ? "The AWS profile \(profile) needs sso_region and sso_start_url: add them."
                    : "The AWS profile \(profile) names an sso-session that is not there, or has no sso_region or sso_start_url: correct it."
            )
        }
        self.accountID = account
        self.roleName = role
        self.region = region
        self.cacheKey = session.isEmpty ? url : session
        self.isSession = !session.isEmpty
    }
}
