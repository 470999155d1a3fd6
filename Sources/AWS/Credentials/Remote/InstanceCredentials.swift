/// Credentials of an EC2 instance's role. Source: EC2 User Guide, "Retrieve security credentials from instance metadata".
struct InstanceCredentials: CredentialSource {
    private let context: CredentialContext

    init(_ context: CredentialContext) {
        self.context = context
    }

    var name: String { "instance metadata" }

    func load() async throws(AWSError) -> CredentialFinding {
        guard let metadata = try InstanceMetadata(self.context, files: try? ProfileFiles(environment: self.context.environment)) else {
            return .absent("AWS_EC2_METADATA_DISABLED is set")
        }
        let document: [UInt8]
        do throws(InstanceMetadata.Silence) {
            guard let found = try await Self.document(metadata) else { return .absent("the instance has no role") }
            document = found
        } catch {
            return Self.finding(error)
        }
        guard let credentials = CredentialDocument.credentials(document) else {
            let code = CredentialDocument.text("Code", document).map { " (\($0.prefix(60)))" } ?? ""
            throw AWSError(.noCredentials, "The instance metadata service has no credentials for the instance's role\(code).")
        }
        return .found(credentials)
    }

    /// The document of the instance's role, nil if it has none.
    private static func document(_ metadata: InstanceMetadata) async throws(InstanceMetadata.Silence) -> [UInt8]? {
        let token = try await metadata.token()
        let roles = String(decoding: try await metadata.value("iam/security-credentials/", token: token), as: UTF8.self)
        let role = roles.split(whereSeparator: \.isNewline).first.map { String(Text.trimmed($0)) } ?? ""
        if role.isEmpty { return nil }
        return try await metadata.value("iam/security-credentials/" + self.encoded(role), token: token)
    }

    /// Whoever is silent or refuses is no source: a proxy may sit at that address, or the service be switched off.
    private static func finding(_ silence: InstanceMetadata.Silence) -> CredentialFinding {
        switch silence {
        case .missing: .absent("the instance has no role")
        case .refused(let status):
            .absent("the instance metadata service refuses (HTTP \(status)): it may be switched off for this instance")
        case .unreachable: .absent("no instance metadata service answers (in a container on an EC2 instance its hop limit has to be 2)")
        }
    }

    private static func encoded(_ role: String) -> String {
        var text: [UInt8] = []
        for byte in role.utf8 { PercentEncoding.append(byte, to: &text) }
        return String(decoding: text, as: UTF8.self)
    }
}
