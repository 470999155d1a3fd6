import ArgumentParser
import Settings

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where sessions are kept: dynamodb, sqlite:PATH or memory. (default: sqlite:.data/sessions.db)", valueName: "store"))
    var store: String?

    @Option(
        help: ArgumentHelp(
            """
            The cache: redis://host:6379/0, or rediss:// with TLS (?ca=FILE&cert=FILE&key=FILE&name=HOST, and ?iam=user@cache-name for \
            ElastiCache with IAM). Put a password into BEDROCK_SESSIONS_REDIS_URL instead: others can read a process's arguments.
            """,
            valueName: "url"))
    var redis: String?

    @Option(
        help: ArgumentHelp(
            "The DynamoDB table, NFTBedrockSessions unless set; with another store, the name that cache keys carry.", valueName: "name"))
    var table: String?

    @Option(
        help: ArgumentHelp(
            "The action group's schema, OpenAPI or function details, in JSON or YAML; BEDROCK_SESSIONS_API_URL says where its actions go.",
            valueName: "file"))
    var schema: String?

    /// The store of a machine without services.
    static let defaultStore = StoreKind.sqlite(path: ".data/sessions.db")

    /// The settings: these options first, then the variables. Throws a usage failure with every problem at once.
    func settings(environment: @escaping (String) -> String? = Variables.value) throws(CommandFailure) -> Settings {
        let given = self.given
        do throws(SettingsError) {
            return try Settings(defaultStore: Self.defaultStore) { name in
                SettingKey(rawValue: name).flatMap { given[$0] } ?? environment(name)
            }
        } catch {
            throw self.usage(error)
        }
    }

    /// What is wrong, for a person: each problem begins with the name of its variable, and whoever used the option should read the option's name.
    func usage(_ error: SettingsError) -> CommandFailure {
        let options: [SettingKey: String] = [.store: "--store", .redisURL: "--redis", .table: "--table", .schema: "--schema"]
        let problems = error.problems.map { problem in
            guard let (key, option) = options.first(where: { problem.hasPrefix($0.key.rawValue) }) else { return problem }
            let name = self.given[key] == nil ? "\(option) or \(key.rawValue)" : option
            return name + problem.dropFirst(key.rawValue.count)
        }
        return .usage(problems.joined(separator: "; "))
    }

    private var given: [SettingKey: String] {
        var given: [SettingKey: String] = [:]
        given[.store] = self.store
        given[.redisURL] = self.redis
        given[.table] = self.table
        given[.schema] = self.schema
        return given
    }
}
