import Sealing
import SessionStore
import TestSupport
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

    @Test("what is said to be the default is what holds where nothing is set")
    func defaultTexts() throws {
        let unset = try self.settings([:])
        for key in SettingKey.allCases {
            guard let text = key.defaultText else { continue }
            var set = try self.settings([key.rawValue: text])
            // Unset leaves the cache's own default in place, which is the same.
            if key == .revalidateAfter {
                #expect(set.revalidateAfter == .seconds(60))
                set.revalidateAfter = nil
            }
            #expect(set == unset, "\(key.rawValue)")
        }
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

    @Test("metrics and traces are switched by a word each; another word is a mistake")
    func observation() throws {
        let set = try self.settings(["BEDROCK_SESSIONS_METRICS": "off", "BEDROCK_SESSIONS_TRACES": "log"])
        #expect(set.writesTraces && !set.writesMetrics)
        let unset = try self.settings([:])
        #expect(!unset.writesTraces && unset.writesMetrics)
        for (text, isOn) in [(" log ", true), ("off", false), ("otlp", false), ("", false)] {
            #expect(Settings.writesTraces { $0 == "BEDROCK_SESSIONS_TRACES" ? text : nil } == isOn, "\(text)")
        }
        #expect(throws: SettingsError(["BEDROCK_SESSIONS_TRACES is log or off"])) {
            try self.settings(["BEDROCK_SESSIONS_TRACES": "otlp"])
        }
    }

    @Test("what is said of actions is read: a key with its header and an address, all mistakes at once")
    func actions() throws {
        let settings = try self.settings([
            "BEDROCK_SESSIONS_SCHEMA": "/a/schema.json", "BEDROCK_SESSIONS_API_URL": "https://api.example.com/v1",
            "BEDROCK_SESSIONS_API_KEY_HEADER": "X-Api-Key", "BEDROCK_SESSIONS_API_KEY_VALUE": " secret ",
            "BEDROCK_SESSIONS_LARGE_ANSWERS": "refuse",
        ])
        var expected = ActionSetting(
            schema: "/a/schema.json", apiURL: "https://api.example.com/v1", apiKeyHeader: "X-Api-Key", apiKeyValue: "secret")
        expected.largeAnswers = .refuse
        #expect(settings.actions == expected)
        let none = try self.settings([:]).actions
        #expect(none == ActionSetting())
        do throws(SettingsError) {
            _ = try self.settings([
                "BEDROCK_SESSIONS_API_URL": "ftp://secret", "BEDROCK_SESSIONS_API_KEY_VALUE": "secret",
                "BEDROCK_SESSIONS_LARGE_ANSWERS": "secret",
            ])
            Issue.record("none of that can work")
        } catch {
            #expect(error.problems.count == 3 && !error.description.contains("secret"))
        }
        do throws(SettingsError) {
            _ = try self.settings(["BEDROCK_SESSIONS_API_KEY_HEADER": "X-Api-Key", "BEDROCK_SESSIONS_API_KEY_VALUE": "secret"])
            Issue.record("a key without an address")
        } catch {
            #expect(error.problems.count == 1)
        }
    }

    @Test("what is said of Redis beside its URL is read, a certificate only with its key")
    func redis() throws {
        let files = ["BEDROCK_SESSIONS_REDIS_CA_FILE": "/ca.pem", "BEDROCK_SESSIONS_REDIS_CERT_FILE": "/c.pem"]
        let whole = files.merging(["BEDROCK_SESSIONS_REDIS_KEY_FILE": "/k.pem", "BEDROCK_SESSIONS_REDIS_IDENTITY": "iam://app@cache"]) {
            $1
        }
        #expect(
            try self.settings(whole).redis
                == RedisSetting(authorityFile: "/ca.pem", certificateFile: "/c.pem", keyFile: "/k.pem", identity: "iam://app@cache"))
        let error = #expect(throws: SettingsError.self) { try self.settings(files) }
        #expect(error?.problems.count == 1)
        #expect(error?.description.contains("BEDROCK_SESSIONS_REDIS_KEY_FILE") == true)
    }

    @Test("what is remembered has names and types; a text unless said otherwise, the wallet's own field a wallet")
    func remember() throws {
        #expect(try self.settings([:]).remembering == RememberingSetting())
        #expect(RememberingSetting().fields == [.wallet] && !RememberingSetting().allowsWalletChanges)
        let settings = try self.settings(["BEDROCK_SESSIONS_REMEMBER": "wallet_address, chain ,payout:wallet,limit:number,\n news:boolean"])
        #expect(
            try settings.remembering.fields == [
                .wallet, RememberedField("chain", .text), RememberedField("payout", .wallet), RememberedField("limit", .number),
                RememberedField("news", .boolean),
            ])
        #expect(try self.settings(["BEDROCK_SESSIONS_REMEMBER": "wallet_address:wallet"]).remembering.fields == [.wallet])
        #expect(try self.settings(["BEDROCK_SESSIONS_REMEMBER": "chain"]).remembering.fields.map(\.name) == ["chain"])
    }

    @Test(
        "names and types that cannot be remembered are told, without being repeated",
        arguments: [
            ",", "a,,b", "a,a", "secret!", "9secret", "secret:", "secret:colour", "wallet_address:text", "secret_updated_at",
            "previous_secret",
            "secret_pending", "secret_forgotten_at", "secret_changed_at", "wallet", "status", "message", "session_id",
            "wallet_confirmation_code", ":text",
            String(repeating: "a", count: 65), (0..<33).map { "f\($0)" }.joined(separator: ","), "se-cret", "se cret", "sécret",
        ])
    func notRemembered(text: String) {
        let error = #expect(throws: SettingsError.self) { try self.settings(["BEDROCK_SESSIONS_REMEMBER": text]) }
        #expect(error?.problems.count == 1 && error?.description.contains("BEDROCK_SESSIONS_REMEMBER") == true)
        #expect(error?.description.contains("secret") == false && error?.description.contains("colour") == false)
    }

    @Test("what is confirmed, by whom, and whether test events are answered")
    func confirmation() throws {
        let settings = try self.settings([
            "BEDROCK_SESSIONS_WALLET_CHANGE": "allow", "BEDROCK_SESSIONS_CONFIRMED_ACTIONS": "rememberWallet, POST /wallet",
            "BEDROCK_SESSIONS_DIRECT_EVENTS": "off",
        ])
        #expect(settings.remembering.allowsWalletChanges && !settings.remembering.acceptsDirectEvents)
        #expect(settings.remembering.confirmedActions == ["rememberWallet", "POST /wallet"])
        let confirm = ["BEDROCK_SESSIONS_WALLET_CHANGE": "confirm", "BEDROCK_SESSIONS_DIRECT_EVENTS": "on"]
        #expect(try self.settings(confirm).remembering == RememberingSetting())
        let error = #expect(throws: SettingsError.self) {
            try self.settings([
                "BEDROCK_SESSIONS_WALLET_CHANGE": "Allow", "BEDROCK_SESSIONS_CONFIRMED_ACTIONS": "recallWallet",
                "BEDROCK_SESSIONS_DIRECT_EVENTS": "no",
            ])
        }
        #expect(error?.problems.count == 3)
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

    @Test("the cache's rules are two variables")
    func cacheRules() throws {
        let unset = try self.settings([:])
        #expect(unset.writePolicy == .available && unset.revalidateAfter == nil)
        let variables = ["BEDROCK_SESSIONS_WRITE_POLICY": "consistent", "BEDROCK_SESSIONS_REVALIDATE_AFTER": "30s"]
        let settings = try self.settings(variables)
        #expect(settings.writePolicy == .consistent && settings.revalidateAfter == .seconds(30))
        for (name, value) in [
            ("BEDROCK_SESSIONS_WRITE_POLICY", "Consistent"), ("BEDROCK_SESSIONS_REVALIDATE_AFTER", "60"),
            ("BEDROCK_SESSIONS_REVALIDATE_AFTER", "999ms"), ("BEDROCK_SESSIONS_REVALIDATE_AFTER", "25h"),
        ] {
            let error = #expect(throws: SettingsError.self) { try self.settings([name: value]) }
            #expect(error?.problems.count == 1 && error?.description.contains(name) == true)
        }
    }

    @Test("the near cache is two variables, the second of which needs the first")
    func nearCache() throws {
        let (entries, age) = ("BEDROCK_SESSIONS_NEAR_CACHE_ENTRIES", "BEDROCK_SESSIONS_NEAR_CACHE_MAX_AGE")
        #expect(try self.settings([:]).nearCacheEntries == nil)
        let settings = try self.settings([entries: "10000", age: "500ms"])
        #expect(settings.nearCacheEntries == 10_000 && settings.nearCacheMaxAge == .milliseconds(500))
        for variables in [[entries: "7"], [entries: "many"], [entries: "10", age: "61s"], [entries: "10", age: "5"], [age: "1s"]] {
            let error = #expect(throws: SettingsError.self) { try self.settings(variables) }
            #expect(error?.problems.count == 1)
        }
    }

    @Test("loops are 1 to 64, and one unless set")
    func loops() throws {
        let name = "BEDROCK_SESSIONS_LOOPS"
        #expect(try self.settings([:]).loops == 1)
        #expect(try self.settings([name: "64"]).loops == 64)
        for value in ["0", "65", "-1", "two", "1.5"] {
            let error = #expect(throws: SettingsError.self) { try self.settings([name: value]) }
            #expect(error?.problems == ["\(name) is a number of event loops from 1 to 64"])
        }
    }

    private static let key = "k1:" + String(repeating: "A", count: 42) + "E="

    @Test("seal keys are read from the variable or from a file, whose lines may be commented by nothing but blanks")
    func sealKeys() throws {
        let ring = try KeyRing(Self.key)
        #expect(try self.settings([:]).seal == .unset)
        #expect(try self.settings(["BEDROCK_SESSIONS_SEAL_KEYS": " none "]).seal == SealSetting.none)
        #expect(try self.settings(["BEDROCK_SESSIONS_SEAL_KEYS": Self.key]).seal == .keys(ring))
        let folder = try TemporaryFolder()
        let path = try folder.file("keys", Array("\n \(Self.key) \n\n".utf8))
        #expect(try self.settings(["BEDROCK_SESSIONS_SEAL_KEYS_FILE": path]).seal == .keys(ring))
    }

    @Test("what is wrong with seal keys is said without them")
    func wrongSealKeys() throws {
        let folder = try TemporaryFolder()
        let large = try folder.file("large", [UInt8](repeating: 65, count: 65 * 1024))
        let empty = try folder.file("empty", []), wrong = try folder.file("wrong", Array("s3cret".utf8))
        let wrongs: [(String, String, String)] = [
            ("BEDROCK_SESSIONS_SEAL_KEYS", "s3cret", "no colon"), ("BEDROCK_SESSIONS_SEAL_KEYS", "s3cret:abc", "32 bytes"),
            ("BEDROCK_SESSIONS_SEAL_KEYS", "\(Self.key),\(Self.key)", "taken"),
            ("BEDROCK_SESSIONS_SEAL_KEYS", "none,\(Self.key)", "no colon"),
            ("BEDROCK_SESSIONS_SEAL_KEYS_FILE", wrong, "no colon"), ("BEDROCK_SESSIONS_SEAL_KEYS_FILE", empty, "no key"),
            ("BEDROCK_SESSIONS_SEAL_KEYS_FILE", large, "64 KB"), ("BEDROCK_SESSIONS_SEAL_KEYS_FILE", folder.file("none"), "not there"),
            ("BEDROCK_SESSIONS_SEAL_KEYS_FILE", folder.path, "is a folder"),
        ]
        for (name, value, part) in wrongs {
            let error = #expect(throws: SettingsError.self) { try self.settings([name: value]) }
            let problem = try #require(error?.problems.first)
            #expect(problem.hasPrefix(name) && problem.contains(part), "\(problem)")
            #expect(!problem.contains("s3cret") && !problem.contains("AAAA") && !problem.contains(folder.path))
        }
        let both = ["BEDROCK_SESSIONS_SEAL_KEYS": "none", "BEDROCK_SESSIONS_SEAL_KEYS_FILE": wrong]
        let error = #expect(throws: SettingsError.self) { try self.settings(both) }
        #expect(error?.problems.count == 1 && error?.description.contains("exclude each other") == true)
    }

    @Test("settings do not print their keys")
    func printing() throws {
        let settings = try self.settings(["BEDROCK_SESSIONS_SEAL_KEYS": Self.key])
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(text.contains("keys") && !text.contains("AAAA"))
        }
    }

    @Test("each variable has a line of help")
    func help() {
        #expect(SettingKey.allCases.allSatisfy { !$0.help.isEmpty && $0.rawValue.hasPrefix("BEDROCK_SESSIONS_") })
    }
}
