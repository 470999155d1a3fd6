import ArgumentParser
import JSON
import Settings

/// `config`
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print what commands are configured with, and where each value comes from.",
        discussion: """
            Options win over environment variables, and these over the file that BEDROCK_SESSIONS_CONFIG names: one NAME=value in each line, with the names \
            of the variables. Secrets are masked. Exit code 2 when the settings cannot work, with everything that is wrong in one sentence.

            Examples:
              bedrock-sessions config --store dynamodb --table sessions
              BEDROCK_SESSIONS_CONFIG=prod.env bedrock-sessions config --json
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        var problems: [String] = []
        var failure: CommandFailure?
        do throws(SettingsError) {
            _ = try self.store.read()
        } catch {
            problems = error.problems
            failure = self.store.usage(error)
        }
        let settings = EffectiveSettings(options: self.store.options, problems: problems)
        if self.output.json { Console.print(settings.json.encoded) } else { Console.print(settings.text) }
        if let failure { throw failure }
    }
}
