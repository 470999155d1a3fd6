import AWS
import EventLoop

/// Looks for AWS credentials as a store would.
enum CredentialCheck {
    /// What each source has. Throws when no event loop can be started.
    static func run() async throws(CommandFailure) -> CredentialReport {
        let loop = try StoreOpener.loop()
        let chain = CredentialChain.standard(Environment(Variables.value), loop: loop, clock: .system)
        let report = await chain.report()
        await chain.close()
        await loop.shutdown()
        return report
    }
}
