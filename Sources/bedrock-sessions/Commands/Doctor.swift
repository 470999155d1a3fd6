import AWS
import ArgumentParser
import JSON

/// `doctor --credentials`
struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say what is configured here and whether it works.",
        discussion: """
            --credentials names the source that AWS credentials are taken from, and why the others have none. It asks those sources as any command \
            would (STS for a role, the metadata service of an instance), prints no key, secret or token, and changes nothing.

            Exit code 1 when there are no credentials.

            Examples:
              bedrock-sessions doctor --credentials
              AWS_PROFILE=work bedrock-sessions doctor --credentials --json
            """)

    @Flag(help: "Look for AWS credentials.")
    var credentials = false
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard self.credentials else { throw ValidationError("say what to look at: --credentials") }
    }

    func run() async throws {
        let report = try await CredentialCheck.run()
        if self.output.json { Console.print(report.json.encoded) } else { Console.print(report.text) }
        if !report.hasCredentials { throw CommandFailure.failed(report.advice) }
    }
}
