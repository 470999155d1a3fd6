import AWS
import Dynamo
import EventLoop
import Logging
import SessionStore
import Settings

/// The source of truth that settings ask for.
struct Truth: Sendable {
    /// On the first loop.
    let store: any SessionStore
    /// The same sessions for another loop, which has connections of its own where the store has any.
    let again: @Sendable (UVLoop) throws(SessionStoreError) -> any SessionStore
    /// Releases what all of them share, once they are closed.
    let close: @Sendable () async -> Void

    /// `embedded`: the opened store of a program that has one on SQLite. Throws `.misconfigured`.
    init(
        _ settings: Settings, _ embedded: (any SessionStore)?, _ loop: UVLoop, _ environment: Environment, _ region: String?,
        _ clock: SystemClock, _ logger: Logger
    ) throws(SessionStoreError) {
        if let embedded {
            self.init(shared: embedded)
            return
        }
        switch settings.store {
        case .memory:
            self.init(shared: MemoryStore(timeToLive: settings.timeToLive, clock: LoopClock(clock, loop: loop)))
        case .sqlite:
            throw SessionStoreError(.misconfigured, "\(SettingKey.store.rawValue): there is no SQLite in this program, choose dynamodb")
        case .dynamodb:
            let table = settings.table ?? Settings.defaultTable
            let configuration = DynamoConfiguration(table: table, region: region, timeToLive: settings.timeToLive)
            // One for all: a token that is renewed is renewed once, and the metadata services are asked once.
            let chain = CredentialChain.standard(environment, loop: loop, clock: AWSClock(clock))
            let again: @Sendable (UVLoop) throws(SessionStoreError) -> any SessionStore = { (loop) throws(SessionStoreError) in
                try DynamoStore(
                    loop: loop, configuration: configuration, chain: chain, environment: environment, clock: clock, logger: logger)
            }
            self.init(store: try again(loop), again: again, close: { await chain.close() })
        }
    }

    /// A store of this process that all loops use.
    private init(shared store: any SessionStore) {
        self.init(store: store, again: { (_) throws(SessionStoreError) in store }, close: {})
    }

    private init(
        store: any SessionStore, again: @escaping @Sendable (UVLoop) throws(SessionStoreError) -> any SessionStore,
        close: @escaping @Sendable () async -> Void
    ) {
        (self.store, self.again, self.close) = (store, again, close)
    }
}
