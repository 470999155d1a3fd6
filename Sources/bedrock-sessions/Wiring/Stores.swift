import Adapter
import EventLoop
import SessionStore
import Wiring

/// An open store and its tiers.
struct Stores: Sendable {
    /// What everything goes through.
    let store: any SessionStore
    /// The loop that the store's network calls run on.
    let loop: UVLoop
    /// Where whoever uses the store much should run: on that loop, where nothing goes from one thread to another; nil for several, between which it would.
    let executor: (any TaskExecutor)?
    /// Its parts.
    let services: SessionServices
    /// By what logs name sessions and users.
    let names: LogNames?
    /// Releases what the store holds.
    let close: @Sendable () async -> Void

    init(
        _ services: SessionServices, loop: UVLoop, isOnlyLoop: Bool = true, names: LogNames? = nil,
        close: @escaping @Sendable () async -> Void
    ) {
        self.names = names
        self.store = services.store
        self.services = services
        self.loop = loop
        self.executor = isOnlyLoop ? loop : nil
        self.close = close
    }

    /// The adapter on the store.
    func adapter(_ configuration: AdapterConfiguration) -> BedrockAdapter {
        // Sleeps of the loop: a cancelled `Task.sleep` holds its memory until its time, here the 30 seconds that an event may take.
        BedrockAdapter(
            store: self.store, router: ActionRouter(schema: self.services.actions.schema), upstream: self.services.actions.upstream,
            configuration: configuration, clock: self.services.clock, names: self.names)
    }

    /// The store, or one tier of it. Throws a usage failure for a cache that is not there.
    func looking(at tier: Tier?) throws(CommandFailure) -> any SessionStore {
        switch tier {
        case nil: return self.store
        case .table: return self.services.table
        case .cache:
            guard let cache = self.services.cache else {
                throw .usage("there is no cache to look at: name one with --redis or BEDROCK_SESSIONS_REDIS_URL")
            }
            return cache
        }
    }
}
