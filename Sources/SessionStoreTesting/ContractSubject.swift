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
    /// Takes the source of truth away (true), as an outage would, and brings it back (false); nil where that cannot be done: the checks that need it
    /// are left out and reported as such.
    public var outage: (@Sendable (Bool) async throws -> Void)?

    /// A store whose time goes by itself.
    public init(
        _ store: any SessionStore, peers: [any SessionStore] = [], timeToLive: Duration = SessionLimits.timeToLive,
        clock: any SessionClock = SystemClock(), advance: (@Sendable (Duration) async throws -> Void)? = nil,
        outage: (@Sendable (Bool) async throws -> Void)? = nil
    ) {
        self.store = store
        self.peers = peers
        self.timeToLive = timeToLive
        self.clock = clock
        self.advance = advance
        self.outage = outage
    }

    /// A store whose time the contract moves.
    public init(
        _ store: any SessionStore, peers: [any SessionStore] = [], timeToLive: Duration = SessionLimits.timeToLive, clock: ManualClock,
        outage: (@Sendable (Bool) async throws -> Void)? = nil
    ) {
        self.init(store, peers: peers, timeToLive: timeToLive, clock: clock, advance: { clock.advance(by: $0) }, outage: outage)
    }
}
