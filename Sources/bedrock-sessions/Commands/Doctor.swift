import AWS
import ArgumentParser
import JSON
import Operations
import Sealing
import SessionStore
import Settings

/// `doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract:
            "Check what is configured here: credentials, table, rights, clocks, Redis, seal keys. Says what to do about what is wrong.",
        discussion: """
            Each check comes with what was seen and, where something is wrong, the command that repairs it. Nothing is changed: rights are found out by writes \
            whose condition never holds. A check that cannot be made, for want of a right, says so and is no pass.

            --credentials looks for AWS credentials alone: it names the source that they are taken from, and why the others have none. It asks those sources \
            as any command would (STS for a role, the metadata service of an instance), and prints no key, secret or token.

            --session says where one session is (table, cache, both, nowhere), whether it has expired or was deleted, and the digest by which logs \
            call it, so that a line of a log can be compared without writing an id anywhere.

            Exit code 1 when a check failed (with --strict: did not pass), when there are no credentials, or when there is no such session.

            Examples:
              bedrock-sessions doctor --store dynamodb --table NFTBedrockSessions-prod --redis rediss://cache.example.com:6379
              bedrock-sessions doctor --json
              bedrock-sessions doctor --session s-1
              AWS_PROFILE=work bedrock-sessions doctor --credentials
            """)

    @Flag(help: "Look for AWS credentials alone.")
    var credentials = false
    @Option(help: ArgumentHelp("Say what became of one session.", valueName: "id"))
    var session: String?
    @Flag(help: "Take warnings, and checks that cannot be made, for failures.")
    var strict = false
    @OptionGroup var output: OutputOptions
    @OptionGroup var store: StoreOptions

    func validate() throws {
        if self.credentials, self.session != nil {
            throw ValidationError("--credentials and --session exclude each other: give one of them")
        }
    }

    func run() async throws {
        if self.credentials { return try await self.lookForCredentials() }
        if let session { return try await self.trace(SessionArgument.sessionID(session)) }
        let diagnoses = try await DoctorRun(settings: self.store.settings()).diagnoses()
        if self.output.json {
            Console.print(diagnoses.json(isStrict: self.strict).encoded)
        } else {
            Console.print(diagnoses.text(Style()))
        }
        let failed = diagnoses.failed(isStrict: self.strict)
        guard failed.isEmpty else {
            throw CommandFailure.failed(
                "\(failed.count) of \(diagnoses.count) checks: \(failed.map(\.check.title).joined(separator: ", "))")
        }
    }

    private func lookForCredentials() async throws {
        let report = try await CredentialCheck.run()
        if self.output.json { Console.print(report.json.encoded) } else { Console.print(report.text) }
        if !report.hasCredentials { throw CommandFailure.failed(report.advice) }
    }

    private func trace(_ id: SessionID) async throws {
        let settings = try self.store.settings()
        let asJSON = self.output.json
        try await self.store.withStore(settings: settings) { stores in
            let trace = try await stores.services.tiers.trace(.session(id))
            let digest = settings.logDigest?.digest(session: id.rawValue)
            if asJSON { Console.print(trace.json(digest: digest).encoded) } else { Console.print(trace.text(digest: digest)) }
            guard trace.isLive else { throw CommandFailure.failed(trace.sentence) }
        }
    }
}
