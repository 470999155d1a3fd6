public import SessionStore

/// A store under test, and what the contract has to know about it.
public struct ContractSubject: Sendable {
    /// The store.
    public var store: any SessionStore
    /// Further stores over the same data, as other processes would have them; concurrent checks spread their calls over all.
    public var peers: [any SessionStore]
    /// How long its sessions live after a write.
    public var timeToLive: Duration
    /// Where the store gets its time from.
    public var clock: any SessionClock
    /// Moves the store's clock ahead; nil where time cannot be moved: the checks that need it are left out and reported as such.
    public var advance: (@Sendable (Duration) async throws -> Void)?

    /// A store whose time goes by itself.
    public init(
        _ store: any SessionStore, peers: [any SessionStore] = [], timeToLive: Duration = SessionLimits.timeToLive, clock: any SessionClock,
        advance: (@Sendable (Duration) async throws -> Void)? = nil
    ) {
        self.store = store
        self.peers = peers
        self.timeToLive = timeToLive
        self.clock = clock
        self.advance = advance
    }

    /// A store whose time the contract moves.
    public init(
        _ store: any SessionStore, peers: [any SessionStore] = [], timeToLive: Duration = SessionLimits.timeToLive, clock: ManualClock
    ) {
        self.init(store, peers: peers, timeToLive: timeToLive, clock: clock) { clock.advance(by: $0) }
    }
}
