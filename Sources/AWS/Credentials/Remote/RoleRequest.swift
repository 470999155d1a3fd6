/// A role to be assumed, and how.
struct RoleRequest: Hashable, Sendable {
    var arn: String
    var sessionName: String?
    var externalID: String?
    /// Seconds.
    var duration: Int?

    /// The lengths that STS gives a session, seconds (STS API Reference, AssumeRole, DurationSeconds).
    static let durations = 900...43_200

    init(arn: String, sessionName: String? = nil, externalID: String? = nil, duration: Int? = nil) {
        self.arn = arn
        self.sessionName = sessionName
        self.externalID = externalID
        self.duration = duration
    }

    /// Nil when a setting of this profile names no role. Throws for what STS would refuse.
    init?(_ settings: [String: String], profile: String) throws(AWSError) {
        guard let arn = settings["role_arn"], !arn.isEmpty else { return nil }
        if let serial = settings["mfa_serial"], !serial.isEmpty {
            throw AWSError(
                .configuration,
                "The AWS profile \(profile) asks for a one-time code (mfa_serial), and nobody is here to type it: get temporary keys with "
                    + "`aws sts get-session-token`, or name a credential_process.")
        }
        self.arn = arn
        self.sessionName = settings["role_session_name"].flatMap { $0.isEmpty ? nil : $0 }
        self.externalID = settings["external_id"].flatMap { $0.isEmpty ? nil : $0 }
        if let text = settings["duration_seconds"], !text.isEmpty {
            guard let seconds = Int(text), Self.durations.contains(seconds) else {
                throw AWSError(.configuration, "duration_seconds of the AWS profile \(profile) is a number from 900 to 43200: correct it.")
            }
            self.duration = seconds
        }
    }
}
