package import EventLoop
import HTTP

extension CredentialChain {
    /// The sources in the SDKs' order: environment, shared files, web identity, container, instance metadata. Source: AWS SDKs and Tools Reference
    /// Guide, "Standardized credential providers".
    package static func standard(_ environment: Environment, loop: UVLoop, clock: AWSClock) -> CredentialChain {
        let context = CredentialContext(environment: environment, loop: loop, clock: clock)
        return CredentialChain(
            [
                EnvironmentCredentials(environment), ProfileCredentials(context), WebIdentityCredentials(context),
                ContainerCredentials(context), InstanceCredentials(context),
            ],
            now: clock.seconds, onClose: { await context.close() })
    }
}
