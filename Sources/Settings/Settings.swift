import Sealing

/// What both executables are configured with.
package struct Settings: Hashable, Sendable {
    /// Where sessions are kept.
    package var store: StoreKind
    /// The table's name; set whenever the store is DynamoDB.
    package var table: String?
    /// The cache's server; nil: no cache. It may hold a password: never print it.
    package var redisURL: String?
    /// What is said of that server beside its URL.
    package var redis: RedisSetting
    /// How what the cache's server holds is sealed.
    package var seal: SealSetting
    /// Under which logs name sessions by digests; nil: derived from the first seal key, if there is one. A secret: never print it.
    package var logKey: String?
    /// Whether writes go on while the cache cannot be told of them.
    package var writePolicy: WritePolicySetting
    /// The age at which the cache's entries are checked against the table; nil: the cache's default.
    package var revalidateAfter: Duration?
    /// How many sessions a process keeps in its memory; nil: none.
    package var nearCacheEntries: Int?
    /// How long these answer; nil: the near cache's default.
    package var nearCacheMaxAge: Duration?
    /// How many event loops a server has, each with connections of its own.
    package var loops = 1
    /// How long a session lives after its last write.
    package var timeToLive: Duration
    /// The session attribute that names the user.
    package var userAttribute: String
    /// What is said of actions beside the built-in ones.
    package var actions = ActionSetting()
    /// What agents remember.
    package var remembering: RememberingSetting

    /// How long a session lives unless it is configured.
    package static let defaultTimeToLive: Duration = .seconds(30 * 86400)
    /// The DynamoDB table unless it is configured: the name that deployments of it have always had.
    package static let defaultTable = "NFTBedrockSessions"
    /// More event loops than any machine has processors for them: each is a thread.
    package static let maximumLoops = 64
    /// Whether the Lambda writes metrics into its log.
    package var writesMetrics = true
    /// Whether spans are written into the log.
    package var writesTraces = false
    /// The session attribute that names the user unless it is configured.
    package static let defaultUserAttribute = "userId"

    /// Settings with these parts.
    package init(
        store: StoreKind, table: String? = nil, redisURL: String? = nil, redis: RedisSetting = RedisSetting(), seal: SealSetting = .unset,
        writePolicy: WritePolicySetting = .available, revalidateAfter: Duration? = nil,
        nearCacheEntries: Int? = nil, nearCacheMaxAge: Duration? = nil,
        timeToLive: Duration = Self.defaultTimeToLive, userAttribute: String = Self.defaultUserAttribute,
        remembering: RememberingSetting = RememberingSetting()
    ) {
        self.store = store
        self.table = table
        self.redisURL = redisURL
        self.redis = redis
        self.seal = seal
        self.writePolicy = writePolicy
        self.revalidateAfter = revalidateAfter
        self.nearCacheEntries = nearCacheEntries
        self.nearCacheMaxAge = nearCacheMaxAge
        self.timeToLive = timeToLive
        self.userAttribute = userAttribute
        self.remembering = remembering
    }

    /// Reads the settings from `lookup`, which answers with a variable's value: the environment's, or a command line's in front of it.
    /// A blank variable counts as an unset one. Throws every problem at once.
    package init(defaultStore: StoreKind, lookup: @escaping (String) -> String?) throws(SettingsError) {
        var reader = SettingsReader(lookup: lookup)
        self.store = reader.value(.store, or: defaultStore, "is dynamodb, sqlite:PATH or memory") { StoreKind($0) }
        let table = reader.value(.table, "is a DynamoDB table's name: 3 to 255 of the characters 0-9 a-z A-Z _ . -") { Self.tableName($0) }
        self.table = table ?? (self.store == .dynamodb ? Self.defaultTable : nil)
        self.redisURL = reader.value(.redisURL, "is an address such as redis://host:6379 or rediss://user:password@host:6379/0") {
            $0.hasPrefix("redis://") || $0.hasPrefix("rediss://") ? $0 : nil
        }
        self.redis = RedisSetting(&reader)
        self.seal = SealSetting(&reader, contents: SecretFile.contents)
        self.logKey = reader.value(.logKey, "is a secret of 16 to 1024 characters, such as `openssl rand -base64 24` prints") {
            (LogDigest.minimumKeyLength...1024).contains($0.utf8.count) ? $0 : nil
        }
        self.writePolicy = reader.value(.writePolicy, or: .available, "is available or consistent") { WritePolicySetting(rawValue: $0) }
        self.revalidateAfter = reader.value(.revalidateAfter, "is a duration from 1s to 1d, such as 30s or 5m") {
            DurationText.parse($0).flatMap { (.seconds(1)...(.seconds(86400))).contains($0) ? $0 : nil }
        }
        self.nearCacheEntries = reader.value(.nearCacheEntries, "is a number of sessions from 8 to 10000000") {
            Int($0).flatMap { (8...10_000_000).contains($0) ? $0 : nil }
        }
        self.nearCacheMaxAge = reader.value(.nearCacheMaxAge, "is a duration from 1ms to 60s, such as 500ms") {
            DurationText.parse($0).flatMap { (.milliseconds(1)...(.seconds(60))).contains($0) ? $0 : nil }
        }
        if self.nearCacheMaxAge != nil, self.nearCacheEntries == nil, reader.text(.nearCacheEntries) == nil {
            reader.problems.append(
                "\(SettingKey.nearCacheMaxAge.rawValue) says nothing without \(SettingKey.nearCacheEntries.rawValue)")
        }
        self.loops = reader.value(.loops, or: 1, "is a number of event loops from 1 to \(Self.maximumLoops)") {
            Int($0).flatMap { (1...Self.maximumLoops).contains($0) ? $0 : nil }
        }
        self.timeToLive = reader.value(.timeToLive, or: Self.defaultTimeToLive, "is a duration from 1s to 3650d, such as 30d or 12h") {
            DurationText.parse($0).flatMap { (.seconds(1)...(.seconds(3650 * 86400))).contains($0) ? $0 : nil }
        }
        self.writesMetrics = reader.value(.metrics, or: true, "is emf or off") { ["emf": true, "off": false][$0] }
        self.writesTraces = Self.writesTraces(&reader)
        self.userAttribute = reader.value(
            .userAttribute, or: Self.defaultUserAttribute, "is the name of a session attribute: 1 to 128 printable ASCII characters"
        ) {
            (1...128).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? $0 : nil
        }
        self.actions = ActionSetting(&reader)
        self.remembering = RememberingSetting(&reader)
        if !reader.problems.isEmpty { throw SettingsError(reader.problems) }
    }

    /// Whether spans are written into the log, for what has to know before it reads the rest; a word that is none is off here, and a mistake there.
    package static func writesTraces(lookup: @escaping (String) -> String?) -> Bool {
        var reader = SettingsReader(lookup: lookup)
        return self.writesTraces(&reader)
    }

    private static func writesTraces(_ reader: inout SettingsReader) -> Bool {
        reader.value(.traces, or: false, "is log or off") { ["log": true, "off": false][$0] }
    }

    /// Source of the rule: Amazon DynamoDB Developer Guide, "Naming rules".
    package static func tableName(_ text: String) -> String? {
        func allows(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"): true
            default: false
            }
        }
        return (3...255).contains(text.utf8.count) && text.utf8.allSatisfy(allows) ? text : nil
    }
}
