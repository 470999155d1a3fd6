/// Credentials that a program prints. Source: AWS SDKs and Tools Reference Guide, "Process credential provider".
struct ProcessCredentials: Sendable {
    private let context: CredentialContext

    /// A program may ask a person or another service first.
    private static let patience: Duration = .seconds(60)

    init(_ context: CredentialContext) {
        self.context = context
    }

    func credentials(of command: String) async throws(AWSError) -> AWSCredentials {
        let output: [UInt8]
        do throws(CommandRunner.Failure) {
            output = try await CommandRunner(loop: self.context.loop).output(of: command, within: Self.patience)
        } catch {
            switch error {
            case .cancelled: throw AWSError(.cancelled, "The task was cancelled while credential_process ran.")
            case .notStarted(let code): throw AWSError(.noCredentials, "credential_process cannot be started (errno \(code)).")
            case .tooSlow: throw AWSError(.noCredentials, "credential_process did not end within 60 seconds: run it by hand to see why.")
            case .tooMuch: throw AWSError(.noCredentials, "credential_process printed more than 64 KB: it has to print one JSON document.")
            case .failed(let code):
                throw AWSError(.noCredentials, "credential_process failed with status \(code): run it by hand to see why.")
            }
        }
        guard CredentialDocument.version(output) == 1, let credentials = CredentialDocument.credentials(output) else {
            throw AWSError(
                .noCredentials,
                "credential_process printed no credentials of version 1: it has to print JSON with Version, AccessKeyId and SecretAccessKey."
            )
        }
        if let end = credentials.expiration, end <= self.context.clock.seconds() {
            throw AWSError(.noCredentials, "credential_process printed credentials that have expired: run it by hand to see why.")
        }
        return credentials
    }
}
