internal import CacheStore
internal import CoreMetrics
internal import Dynamo
internal import History
internal import Locked
internal import Logging
internal import SessionStore

/// The operation on whose behalf a task works: the tasks it starts inherit it.
enum Context {
    @TaskLocal static var operation: Int?
}

/// One process with the shipped stores in it.
struct Node: Sendable {
    let process: Process
    let cache: CacheCore<SimulatedCommands>
}

/// Everything that one seed brings about: processes, network, Redis and table.
final class World: Sendable {
    struct State {
        var nodes: [Node] = []
        var processCount = 0
        var marks = Marks()
        /// Whether anything goes wrong at all.
        var isTroubled = true
        var redisDownUntil: Duration = .zero
        var tableDownUntil: Duration = .zero
        var cutUntil: [Int: Duration] = [:]
        var lastArrival: [Int: Duration] = [:]
        var account = Account()
        /// By process: the life of its tracking connection, while it has one.
        var tracking: [Int: Int] = [:]
        var trackingCount = 0
    }

    let seed: UInt64
    let scheduler: Scheduler
    let profile: Profile
    let history: History
    let redis: SimulatedRedis
    let table: SimulatedTable
    let keys: [SessionKey]
    let weakness: WeakRule?
    let state = Locked(State())

    /// A world whose protocol is weakened like this, with the troubles that bring `scene` out.
    init(seed: UInt64, weakness: WeakRule?, scene: WeakRule?) {
        let scheduler = Scheduler(seed: seed)
        var drawn = scheduler.choose { Profile(&$0, weakness: scene) }
        drawn.drawNearCache(seed: seed, weakness: scene)
        let profile = drawn
        self.seed = seed
        self.scheduler = scheduler
        self.profile = profile
        self.weakness = weakness
        self.history = History(now: { scheduler.now })
        self.keys = (0..<profile.sessions).compactMap { index in
            if profile.hasOwners, index == 1, let ann = try? UserID("ann") { return .user(ann) }
            return (try? SessionID("session-\(index)")).map { .session($0) }
        }
        let state = self.state
        let mark: @Sendable (Mark) -> Void = { mark in state.withLock { $0.marks[mark] += 1 } }
        let epoch = profile.hidesEpoch ? 0 : scheduler.choose { $0.next() }
        // The server's clock is nobody's: off by some of the skew that clocks have here.
        let skew = scheduler.choose { $0.duration(.zero - profile.skew...profile.skew) }
        self.redis = SimulatedRedis(
            epoch: epoch, weakness: weakness, clock: { (scheduler.now + skew).milliseconds }, mark: mark)
        self.table = SimulatedTable(tellsOldItem: profile.tellsOldItem)
        if profile.nearAge != nil {
            self.redis.tellChanges { [weak self] name in self?.keyChanged(name) }
        }
    }

    func mark(_ mark: Mark) {
        self.state.withLock { $0.marks[mark] += 1 }
    }

    var marks: Marks { self.state.withLock { $0.marks } }

    /// The process at that place.
    func node(_ slot: Int) -> Node { self.state.withLock { $0.nodes[slot] } }

    /// Starts a process, at a new place or instead of a dead one.
    func start(at slot: Int) throws(SessionStoreError) {
        let number = self.state.withLock { state in
            state.processCount += 1
            return state.processCount
        }
        let skew = self.profile.skew
        let process = Process(self.scheduler, number: number, skew: self.scheduler.choose { $0.duration(.zero - skew...skew) })
        let node = Node(process: process, cache: try self.cache(process))
        self.state.withLock { state in
            if slot < state.nodes.count { state.nodes[slot] = node } else { state.nodes.append(node) }
        }
        if node.cache.near != nil { self.beginTracking(node) }
    }

    /// Forgets the processes, whose stores know the world: a million worlds that keep themselves alive fill any machine.
    func end() {
        self.state.withLock { $0.nodes = [] }
    }

    private func cache(_ process: Process) throws(SessionStoreError) -> CacheCore<SimulatedCommands> {
        let logger = Logger(label: "simulation", factory: { _ in SwiftLogNoOpLogHandler() })
        let scheduler = self.scheduler
        var dynamo = DynamoConfiguration(table: Self.tableName)
        dynamo.timeToLive = self.profile.timeToLive
        dynamo.writeBudget = self.profile.writeBudget
        dynamo.attemptDeadline = min(dynamo.attemptDeadline, self.profile.writeBudget)
        let store = try DynamoStore(
            client: DynamoClient(transport: SimulatedTransport(process: process, world: self)), configuration: dynamo,
            clock: process.clock, logger: logger, random: { scheduler.choose { Double($0.next() >> 11) * 0x1p-53 } },
            executor: process.executor)
        var configuration = CacheConfiguration(table: Self.tableName)
        configuration.revalidateAfter = self.profile.revalidateAfter
        configuration.writes.budget = self.profile.writeBudget
        configuration.times.intent = self.profile.writeBudget * 3
        if self.profile.isInline { configuration.refresh = .inline }
        configuration.nearCache = self.profile.nearAge.map { .init(entries: 8, maxAge: $0) }
        if self.profile.isConsistent { configuration.writePolicy = .consistent }
        if self.profile.opensEarly { configuration.cacheBreaker = .init(failures: 2, interval: .milliseconds(50)) }
        configuration.tableBreaker = self.profile.tableBreaker
        if self.profile.isSealed { configuration.seal = try SealKeys(Self.sealKey) }
        let made = withMetricsFactory(MarkFactory { [weak self] in self?.mark($0) }) {
            Result { () throws(SessionStoreError) in
                try CacheCore(
                    base: store, commands: SimulatedCommands(process: process, world: self), configuration: configuration,
                    clock: process.clock, executor: process.executor, logger: logger, tokens: { [weak self] in self.token() },
                    flights: self.weakness == .joinAnyFlight ? .anyInTheAir : .sameQuestion,
                    nearRule: self.weakness == .keepOvertaken ? .nothing : .untouched)
            }
        }
        return try made.get()
    }

    static let tableName = "sessions"
    private static let sealKey = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

    func redisKey(_ key: SessionKey) -> [UInt8] { Array("bs1:\(Self.tableName):\(key.rawValue)".utf8) }
}

extension World? {
    /// A fresh token; remembers for which operation.
    fileprivate func token() -> Token {
        guard let world = self else { return Token(high: 0, low: 0) }
        let token = world.scheduler.choose { Token.random(using: &$0) }
        if let operation = Context.operation { world.state.withLock { $0.account.tokens[token.bytes] = operation } }
        return token
    }
}
