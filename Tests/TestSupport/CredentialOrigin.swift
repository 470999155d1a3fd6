/// What a deployment can take its AWS credentials from.
package enum CredentialOrigin: String, CaseIterable, Sendable {
    case environment, profile, role, process, webIdentity, container, instance, identityCenter

    /// The name of the source that has them.
    package var source: String {
        switch self {
        case .environment: "environment"
        case .profile, .role, .process, .identityCenter: "profile"
        case .webIdentity: "web identity"
        case .container: "container"
        case .instance: "instance metadata"
        }
    }
}
