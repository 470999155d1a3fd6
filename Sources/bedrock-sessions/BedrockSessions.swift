import ArgumentParser

/// The root command. What it does is in its subcommands.
@main
struct BedrockSessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bedrock-sessions",
        abstract: "A memory for AWS Bedrock agents: DynamoDB holds the truth, Redis a coherent cache.",
        discussion: """
            Start with `bedrock-sessions demo`: it needs no service. Which store a command works on is decided by --store, --table and --redis, \
            or by BEDROCK_SESSIONS_STORE, BEDROCK_SESSIONS_TABLE and BEDROCK_SESSIONS_REDIS_URL; options win over variables, and variables over \
            the file that BEDROCK_SESSIONS_CONFIG names (NAME=value in each line). Without any it is the file .data/sessions.db; `config` shows what holds.

            Exit code: 0 when it did what was asked, 1 when it failed, 2 when the command line or the configuration cannot work and nothing was tried. Errors are one \
            sentence on standard error; LOG_LEVEL=debug says more.
            """,
        version: Program.version,
        subcommands: [
            Demo.self, Serve.self, Invoke.self, CreateTable.self, SealKeyCommand.self, Get.self, Put.self, Delete.self, Wallet.self,
            ConfigCommand.self, DoctorCommand.self, Policy.self, SchemaCommand.self, PackageCommand.self, LoadCommand.self,
            PlanCommand.self,
            SelfTestCommand.self, Inspect.self, AuditCommand.self, Warm.self, Sessions.self, Forget.self, Export.self, Import.self,
        ])

    /// Parses the command line, runs the command and ends the process with its exit code.
    static func main() async {
        do {
            var command = try await Self.asyncParseAsRoot()
            try await Variables.readFile()
            Program.startLogging(isServer: command is Serve)
            Program.startTracing()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Program.end(with: error)
        }
    }
}
