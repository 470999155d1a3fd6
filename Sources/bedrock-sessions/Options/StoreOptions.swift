import ArgumentParser
import Settings

/// Which store a command works on.
struct StoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where sessions are kept: dynamodb, sqlite:PATH or memory. (default: sqlite:.data/sessions.db; of load: memory)",
            valueName: "store"))
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
        do throws(SettingsError) {
            return try self.read(environment: environment)
        } catch {
            throw self.usage(error)
        }
    }

    /// The same, with the settings' own error.
    func read(environment: @escaping (String) -> String? = Variables.value) throws(SettingsError) -> Settings {
        let options = self.options
        return try Settings(defaultStore: Self.defaultStore) { name in
            SettingKey(rawValue: name).flatMap { options[$0]?.value } ?? environment(name)
        }
    }

    /// What is wrong, for a person: each problem begins with the name of its variable, and whoever used the option should read the option's name.
    func usage(_ error: SettingsError) -> CommandFailure {
        let names: [SettingKey: String] = [.store: "--store", .redisURL: "--redis", .table: "--table", .schema: "--schema"]
        let problems = error.problems.map { problem in
            guard let (key, option) = names.first(where: { problem.hasPrefix($0.key.rawValue) }) else { return problem }
            let name = self.options[key] == nil ? "\(option) or \(key.rawValue)" : option
            return name + problem.dropFirst(key.rawValue.count)
        }
        return .usage(problems.joined(separator: "; "))
    }

    /// What the command line says.
    var options: [SettingKey: (option: String, value: String)] {
        var options: [SettingKey: (option: String, value: String)] = [:]
        options[.store] = self.store.map { ("--store", $0) }
        options[.redisURL] = self.redis.map { ("--redis", $0) }
        options[.table] = self.table.map { ("--table", $0) }
        options[.schema] = self.schema.map { ("--schema", $0) }
        return options
    }
}
