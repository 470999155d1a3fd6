import Testing

@testable import Settings

@Suite("Settings")
struct SettingsTests {
    private func settings(_ variables: [String: String], defaultStore: StoreKind = .dynamodb) throws(SettingsError) -> Settings {
        try Settings(defaultStore: defaultStore) { variables[$0] }
    }

    @Test("a table's name is enough")
    func defaults() throws {
        let settings = try self.settings(["BEDROCK_SESSIONS_TABLE": "sessions"])
        #expect(settings == Settings(store: .dynamodb, table: "sessions"))
        #expect(settings.timeToLive == .seconds(30 * 86400))
        #expect(settings.userAttribute == "userId")
        #expect(settings.redisURL == nil)
    }

    @Test("every variable is read")
    func everything() throws {
        let settings = try self.settings([
            "BEDROCK_SESSIONS_STORE": "sqlite:.data/sessions.db", "BEDROCK_SESSIONS_TABLE": "agent.sessions-1",
            "BEDROCK_SESSIONS_TTL": "12h", "BEDROCK_SESSIONS_REDIS_URL": "redis://cache:6379/2",
            "BEDROCK_SESSIONS_USER_ATTRIBUTE": "customer",
        ])
        #expect(
            settings
                == Settings(
                    store: .sqlite(path: ".data/sessions.db"), table: "agent.sessions-1", redisURL: "redis://cache:6379/2",
                    timeToLive: .seconds(43200),
                    userAttribute: "customer"))
    }

    @Test("a blank variable is an unset one")
    func blank() throws {
        let settings = try self.settings([
            "BEDROCK_SESSIONS_TABLE": " sessions\n", "BEDROCK_SESSIONS_REDIS_URL": "", "BEDROCK_SESSIONS_TTL": "  ",
            "BEDROCK_SESSIONS_STORE": "\t",
        ])
        #expect(settings == Settings(store: .dynamodb, table: "sessions"))
    }

    @Test("DynamoDB has a table, NFTBedrockSessions unless named; the other stores have none", arguments: ["memory", "sqlite:x.db"])
    func tableNeeded(store: String) throws {
        #expect(try self.settings(["BEDROCK_SESSIONS_STORE": store]).table == nil)
        #expect(try self.settings([:]).table == "NFTBedrockSessions")
        #expect(try self.settings([:], defaultStore: .memory).store == .memory)
    }

    @Test("all problems are listed at once, and no value is shown")
    func problems() {
        let variables = [
            "BEDROCK_SESSIONS_STORE": "mysql-7", "BEDROCK_SESSIONS_TABLE": "a b", "BEDROCK_SESSIONS_TTL": "3651d",
            "BEDROCK_SESSIONS_REDIS_URL": "http://secret@host", "BEDROCK_SESSIONS_USER_ATTRIBUTE": "user id",
        ]
        let error = #expect(throws: SettingsError.self) { try self.settings(variables) }
        #expect(error?.problems.count == 5)
        for value in variables.values { #expect(error?.description.contains(value) == false) }
        for name in variables.keys { #expect(error?.description.contains(name) == true) }
    }

    @Test("a store has one of three forms", arguments: ["", "sqlite:", "DynamoDB", "redis", "memory "])
    func wrongStore(text: String) {
        #expect(StoreKind(text) == nil)
    }

    @Test("each variable has a line of help")
    func help() {
        #expect(SettingKey.allCases.allSatisfy { !$0.help.isEmpty && $0.rawValue.hasPrefix("BEDROCK_SESSIONS_") })
    }
}
