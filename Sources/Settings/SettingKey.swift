/// The names of the project's own environment variables. The AWS ones keep the names AWS documents and are read where AWS is called.
package enum SettingKey: String, CaseIterable, Sendable {
    /// Which store keeps the sessions.
    case store = "BEDROCK_SESSIONS_STORE"
    /// The DynamoDB table.
    case table = "BEDROCK_SESSIONS_TABLE"
    /// The Redis server of the cache.
    case redisURL = "BEDROCK_SESSIONS_REDIS_URL"
    /// The authorities that may vouch for it.
    case redisAuthorityFile = "BEDROCK_SESSIONS_REDIS_CA_FILE"
    /// The certificate that is shown to it.
    case redisCertificateFile = "BEDROCK_SESSIONS_REDIS_CERT_FILE"
    /// The key of that certificate.
    case redisKeyFile = "BEDROCK_SESSIONS_REDIS_KEY_FILE"
    /// Who connects to it.
    case redisIdentity = "BEDROCK_SESSIONS_REDIS_IDENTITY"
    /// The keys under which the cache's entries are sealed.
    case sealKeys = "BEDROCK_SESSIONS_SEAL_KEYS"
    /// A file with them.
    case sealKeysFile = "BEDROCK_SESSIONS_SEAL_KEYS_FILE"
    /// The key of the digests by which logs name sessions.
    case logKey = "BEDROCK_SESSIONS_LOG_KEY"
    /// What a write does without the cache.
    case writePolicy = "BEDROCK_SESSIONS_WRITE_POLICY"
    /// When the cache's entries are checked.
    case revalidateAfter = "BEDROCK_SESSIONS_REVALIDATE_AFTER"
    /// How many sessions a process keeps in its memory.
    case nearCacheEntries = "BEDROCK_SESSIONS_NEAR_CACHE_ENTRIES"
    /// How long these answer.
    case nearCacheMaxAge = "BEDROCK_SESSIONS_NEAR_CACHE_MAX_AGE"
    /// How many event loops a server has.
    case loops = "BEDROCK_SESSIONS_LOOPS"
    /// How long a session lives after its last write.
    case timeToLive = "BEDROCK_SESSIONS_TTL"
    /// The session attribute that names the user.
    case userAttribute = "BEDROCK_SESSIONS_USER_ATTRIBUTE"
    /// Whether the Lambda writes metrics into its log.
    case metrics = "BEDROCK_SESSIONS_METRICS"
    /// Whether spans are written into the log.
    case traces = "BEDROCK_SESSIONS_TRACES"
    /// What requests to `serve` have to show.
    case token = "BEDROCK_SESSIONS_TOKEN"
    /// The action group's schema.
    case schema = "BEDROCK_SESSIONS_SCHEMA"
    /// The API that its actions call.
    case apiURL = "BEDROCK_SESSIONS_API_URL"
    /// The header field of its key.
    case apiKeyHeader = "BEDROCK_SESSIONS_API_KEY_HEADER"
    /// Its key.
    case apiKeyValue = "BEDROCK_SESSIONS_API_KEY_VALUE"
    /// What becomes of answers that are too large for an agent.
    case largeAnswers = "BEDROCK_SESSIONS_LARGE_ANSWERS"
    /// What agents remember.
    case remember = "BEDROCK_SESSIONS_REMEMBER"
    /// What becomes of a wallet that the user may not have meant.
    case walletChange = "BEDROCK_SESSIONS_WALLET_CHANGE"
    /// The actions that the action group has the user confirm.
    case confirmedActions = "BEDROCK_SESSIONS_CONFIRMED_ACTIONS"
    /// Whether plain test events are answered.
    case directEvents = "BEDROCK_SESSIONS_DIRECT_EVENTS"

    /// How much of a value may be shown.
    package enum Secrecy: Hashable, Sendable {
        /// All of it.
        case open
        /// All but what a URL has before its host.
        case url
        /// Nothing.
        case secret
    }

    /// How much of the variable's value may be shown.
    package var secrecy: Secrecy {
        switch self {
        case .redisURL, .apiURL: .url
        case .sealKeys, .logKey, .token, .apiKeyValue: .secret
        default: .open
        }
    }

    /// What holds where the variable is unset, as it could be set; nil: nothing does, or what does depends on the rest.
    package var defaultText: String? {
        switch self {
        case .writePolicy: "available"
        case .revalidateAfter: "60s"
        case .loops: "1"
        case .timeToLive: "30d"
        case .userAttribute: Settings.defaultUserAttribute
        case .metrics: "emf"
        case .traces: "off"
        case .largeAnswers: "cut"
        case .remember: "wallet_address:wallet"
        case .walletChange: "confirm"
        case .directEvents: "on"
        default: nil
        }
    }

    /// What the variable is about, with its default, in one line for a help text.
    package var help: String {
        switch self {
        case .store: "dynamodb, sqlite:PATH or memory"
        case .table: "name of the DynamoDB table; NFTBedrockSessions unless set"
        case .redisURL: "redis://user:password@host:port/db of the cache, rediss:// with TLS; without it there is no cache"
        case .redisAuthorityFile: "a PEM file of the authorities that the cache's certificate may be from; the system's unless set"
        case .redisCertificateFile: "a PEM file of the certificate to show to the cache"
        case .redisKeyFile: "a PEM file of that certificate's key"
        case .redisIdentity: "iam://user@cache-name: who connects to ElastiCache by IAM; ?serverless=true for a serverless cache"
        case .sealKeys: "kid:base64[,kid:base64]: the first key seals what Redis holds, all open it; none to leave it open"
        case .sealKeysFile: "a file with those keys, one in each line or separated by commas"
        case .logKey:
            "a secret of 16 characters or more: logs name sessions by digests under it; derived from the first seal key unless set"
        case .writePolicy: "available: writes go on while the cache is down; consistent: they are refused then; available unless set"
        case .revalidateAfter: "the age at which the cache's entries are checked against the table, such as 30s; 60s unless set"
        case .nearCacheEntries: "how many recently read sessions each process keeps in its memory, such as 10000; none unless set"
        case .nearCacheMaxAge: "how long such a session answers without a look at the cache, such as 500ms; 1s unless set"
        case .loops: "event loops of serve and load, 1 to 64, each a thread with connections of its own; 1 unless set"
        case .timeToLive: "how long a session lives after its last write, such as 30d or 12h; 30d unless set"
        case .userAttribute: "the session attribute that names the user; userId unless set"
        case .metrics: "emf: the Lambda writes metrics into its log, where CloudWatch finds them; off; emf unless set"
        case .traces: "log: each span becomes a line of the log, with its trace, its parent and how long it took; off unless set"
        case .token: "what requests to serve have to show (Authorization: Bearer), 16 characters or more; needed off loopback"
        case .schema: "a file with the action group's schema: OpenAPI or function details"
        case .apiURL: "the API that the schema's actions call, such as https://api.example.com/v1"
        case .apiKeyHeader: "the header field that carries the API's key, such as X-Api-Key"
        case .apiKeyValue: "the API's key"
        case .largeAnswers: "cut: answers above 25 KB are cut; refuse: the model is told to ask for less; cut unless set"
        case .remember:
            "name[:type][,...]: what is remembered, of the types wallet, text, number, boolean; wallet_address:wallet unless set"
        case .walletChange:
            "confirm: a wallet in place of another, or not typed by the user, waits for the user's code; allow; confirm unless set"
        case .confirmedActions: "rememberWallet or POST /wallet, where the action group itself has the user confirm it; none unless set"
        case .directEvents: "on: plain test events with a session_id are answered; off: they are refused; on unless set"
        }
    }
}
