/// Where credentials come from.
package protocol CredentialSource: Sendable {
    /// A name for logs and `doctor`.
    var name: String { get }

    /// The current credentials, nil when this source is not set up here and the next one may be asked. Throws `.noCredentials` or
    /// `.configuration` when it is set up and does not work: then asking another one would hide a mistake.
    func load() async throws(AWSError) -> AWSCredentials?
}
