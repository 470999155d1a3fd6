/// Where credentials come from.
package protocol CredentialSource: Sendable {
    /// A name for logs and `doctor`.
    var name: String { get }

    /// The current credentials, or why this source has none here, and the next one may be asked. Throws when it is set up and does not work: then
    /// asking another one would hide a mistake.
    func load() async throws(AWSError) -> CredentialFinding

    /// The same of a source that needs no wait; nil: `load` has to be called. Asked where the caller is, without a task of its own: in a Lambda that task
    /// would be the first that starts the threads of Swift's global executor.
    func find() throws(AWSError) -> CredentialFinding?
}

extension CredentialSource {
    /// Nil: it has to be waited for.
    package func find() throws(AWSError) -> CredentialFinding? { nil }
}

/// What a source has.
package enum CredentialFinding: Hashable, Sendable {
    /// Credentials.
    case found(AWSCredentials)
    /// It is not set up here: what is not there, in a phrase without values.
    case absent(String)
}
