internal import Locked
package import Logging
package import SessionStore
internal import Synchronization

/// What a `CacheStore` does, over any `CacheCommands`: the shell around the machines, which holds the I/O and nothing to decide.
///
/// It is generic over the commands, not over the store behind it: a cached read never reaches that store, and is to compile into straight calls.
package final class CacheCore<Commands: CacheCommands>: Sendable {
    package typealias Answer = Result<Session?, SessionStoreError>

    /// A read that waits for a load.
    typealias Waiter = CheckedContinuation<Answer, Never>

    let base: any SessionStore
    let commands: Commands
    let policy: CachePolicy
    let configuration: CacheConfiguration
    let clock: any SessionClock
    /// Where loads run: the loop of the Redis client, so that their commands cost no thread hop.
    let executor: (any TaskExecutor)?
    let freshToken: TokenGenerator
    /// What seals entries and opens them; nil: they lie open.
    let sealer: EntrySealer?
    let logger: Logger
    let metrics = CacheMetrics()
    let flights: Locked<FlightTable<Waiter>>
    /// How many table requests loads have handed over so far.
    let handedOver = Atomic<UInt64>(0)
    let readerIDs = Atomic<UInt64>(0)
    private let keyPrefix: [UInt8]

    /// A core with these parts. Throws `.misconfigured`.
    package init(
        base: any SessionStore, commands: Commands, configuration: CacheConfiguration, clock: any SessionClock,
        executor: (any TaskExecutor)?, logger: Logger, tokens: @escaping TokenGenerator = Token.system,
        flights: FlightRule = .sameQuestion
    ) throws(SessionStoreError) {
        try configuration.validate()
        self.base = base
        self.commands = commands
        self.configuration = configuration
        self.policy = CachePolicy(configuration)
        self.clock = clock
        self.executor = executor
        self.freshToken = tokens
        self.sealer = try configuration.seal.map { (keys) throws(SessionStoreError) in
            try EntrySealer(keys, region: configuration.region, table: configuration.table)
        }
        self.flights = Locked(FlightTable(rule: flights))
        self.logger = logger
        self.keyPrefix = Array("\(WireFormat.keyPrefix)\(configuration.table):".utf8)
    }

    /// How many reads wait for loads now.
    package var waitingReads: Int { self.flights.withLock { $0.waiterCount } }

    /// The Redis key of a session.
    package func redisKey(_ key: SessionKey) -> [UInt8] {
        // A stored id is a native string: its view of bytes costs nothing, the concatenation in `rawValue` of a user's key does.
        let name =
            switch key {
            case .session(let id): id.rawValue
            case .user: key.rawValue
            }
        var bytes = self.keyPrefix
        bytes.append(contentsOf: name.utf8)
        return bytes
    }
}

extension SessionStoreError {
    /// The caller's task was cancelled while it waited.
    static var cancelledRead: SessionStoreError {
        SessionStoreError(.cancelled, "the read was cancelled; read again if the session is still wanted")
    }
}
